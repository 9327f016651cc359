// What a page opens with: asked for until it is there, with the reason shown meanwhile.

import { html, useLayoutEffect, useRef, useState } from "preact";
import { whenBack } from "./connection.js";
import { Button, Callout, Link, Loading } from "./elements.js";
import { say, t } from "./texts.js";

/**
 * The value of that action, as {answer, value, instead, again()}. While there is none, `instead` is what to show: that it is
 * being asked for, or why it cannot be had, with "retry" and `more` ways to go on; `part`: of a page, not the whole.
 * What is there stays while the server is away: what somebody does on the page is not lost.
 */
export function useLoad(call, action, args = {}, { hint = "", more = null, part = false } = {}) {
  const [answer, setAnswer] = useState(null);
  const last = useRef(0);
  const asked = useRef("");
  const key = JSON.stringify(args);
  const again = async () => {
    const mine = ++last.current;
    const found = await call(action, args);
    if (mine !== last.current) return found; // asked again meanwhile
    const away = found.offline || found.code === "signed_out";
    const stays = away && asked.current === key;
    asked.current = key;
    setAnswer((was) => (stays && was?.ok ? was : found));
    if (away) whenBack().then(() => mine === last.current && again());
    return found;
  };
  useLayoutEffect(() => {
    again();
    return () => void (last.current = -1);
  }, [key]);
  if (!answer) return { answer, value: null, again, instead: html`<${Loading} />` };
  if (answer.ok) return { answer, value: answer.value, again, instead: null };
  const failed = html`<${Failed} answer=${answer} again=${again} hint=${hint} more=${more} />`;
  return {
    answer,
    value: null,
    again,
    instead: part ? failed : html`<div class="hy-page"><h1 class="hy-offscreen">${document.title}</h1>${failed}</div>`,
  };
}

/** For clicks: where nobody knows what became of one, what is there is looked up when the server is back. */
export const followed = (call, again) =>
  Object.assign(async (action, args = {}, options = {}) => {
    const answer = await call(action, args, options);
    if (answer.offline && !options.quiet) whenBack().then(again);
    return answer;
  }, { may: call.may });

/** Why something cannot be shown, and ways to go on. */
export function Failed({ answer, again, hint = "", more = null }) {
  const gone = answer.code === "NotFound"; // nothing here can be put right
  const ways = gone
    ? html`<${Link} label=${t("nav.agents")} href="./" />`
    : [html`<${Button} label=${t("common.retry")} id="load-again" onClick=${again} />`, more];
  return html`
    <${Callout} tone="bad" title=${say(answer.text)} detail=${answer.offline || gone ? "" : hint}>${ways}</${Callout}>
  `;
}
