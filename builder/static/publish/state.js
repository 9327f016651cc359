// How far the connection is, live; and the self-test.

import { html, useEffect, useState } from "preact";
import { Button, Callout, Card } from "../common/elements.js";
import { Progress } from "../common/progress.js";
import { ago, clock, say, t } from "../common/texts.js";

const EVERY = 1500; // ms between two looks

export function LiveState({ call, channel, publication }) {
  const { id } = publication;
  const state = useLiveState(call, publication);
  const [said, setSaid] = useState(null);
  const test = async () => {
    const answer = await call("test", { publication: id }, { seconds: 60 });
    setSaid({ tone: answer.ok ? "ok" : "bad", title: say(answer.text) });
  };
  const { words, checked } = channel;
  const names = { platform: say(words.platform), console: say(words.console) };
  const button = checked && html`<${Button} label=${t("live.test")} icon="refresh" id="self-test" onClick=${test} />`;
  const steps = [
    step("filled", true),
    checked && step("verified", state.verified_at, names),
    step("message", state.message_at),
  ].filter(Boolean);
  return html`
    <${Card} title=${t("live.title")} hint=${t("live.hint", names)} aside=${button}>
      <div class="hy-stack">
        <${Progress} steps=${steps} />
        <div role="status" aria-live="polite" data-testid="live-state">
          <${Sentence} ...${state} />
        </div>
        <div aria-live="polite" data-testid="self-test-result">${said && html`<${Callout} ...${said} />`}</div>
      </div>
      </${Card}>
  `;
}

/** The publication's state as it is by now, for as long as the page is looked at. */
function useLiveState(call, publication) {
  const [state, setState] = useState(publication.state);
  useEffect(() => {
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
  }, [publication.id]);
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
