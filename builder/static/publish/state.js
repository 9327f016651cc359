// How far the connection is, live: the steps from nothing to answering, what to tell of it, and the self-test.

import { html, useEffect, useState } from "preact";
import { Button, Callout, Card } from "../common/elements.js";
import { Progress } from "../common/progress.js";
import { ago, clock, say, t } from "../common/texts.js";

const EVERY = 1500; // ms between two looks

/** What is left to do, from the first click to the first message; `state` is there once it is published. */
export function Steps({ channel, state }) {
  const names = namesOf(channel);
  const steps = [
    channel.fields.length > 0 && step("filled", Boolean(state)),
    channel.scanned && step("scanned", Boolean(state && !state.scan)),
    channel.checked && step("verified", state?.verified_at, names),
    step("message", state?.message_at),
  ];
  return html`<${Progress} steps=${steps.filter(Boolean)} />`;
}

const namesOf = ({ words }) => ({ platform: say(words.platform), console: say(words.console) });

export function LiveState({ call, channel, publication, state }) {
  const { id } = publication;
  const [said, setSaid] = useState(null);
  const test = async () => {
    const answer = await call("test", { publication: id }, { seconds: 60 });
    setSaid({ tone: answer.ok ? "ok" : "bad", title: say(answer.text) });
  };
  const button = channel.checked &&
    html`<${Button} label=${t("live.test")} icon="refresh" id="self-test" onClick=${test} />`;
  return html`
    <${Card} title=${t("live.title")} hint=${channel.checked && t("live.hint", namesOf(channel))} aside=${button}>
      <div class="hy-stack">
        <div role="status" aria-live="polite" data-testid="live-state">
          <${Sentence} ...${state} />
        </div>
        <div aria-live="polite" data-testid="self-test-result">${said && html`<${Callout} ...${said} />`}</div>
      </div>
      </${Card}>
  `;
}

/** The publication's state as it is by now, for as long as the page is looked at; nothing before there is one. */
export function useLiveState(call, publication) {
  const [state, setState] = useState(publication?.state);
  useEffect(() => {
    if (!publication) return;
    let timer = 0;
    let over = false;
    const look = async () => {
      const answer = document.hidden ? {} : await call("state", { publication: publication.id }, { quiet: true });
      if (over) return;
      if (answer.ok) setState(answer.value);
      timer = setTimeout(look, EVERY);
    };
    timer = setTimeout(look, EVERY);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [publication?.id]);
  return state;
}

function step(id, at, names = {}) {
  const note = typeof at === "number" ? clock(at) : "";
  return { id, done: Boolean(at), note, label: t(`step.${id}.${at ? "done" : "todo"}`, names) };
}

/** What runtime/publish/standing.py found to say. */
function Sentence({ tone, title, hint, at }) {
  const when = at ? t("live.seen_at", { when: ago(at) }) : "";
  return html`<${Callout} tone=${tone} title=${say(title)} detail=${[say(hint), when].filter(Boolean).join(" ")} />`;
}
