// How far the connection is, live: the steps from nothing to answering, and what to tell of it.

import { html, useEffect, useRef, useState } from "preact";
import { Callout, Card } from "../common/elements.js";
import { Progress } from "../common/progress.js";
import { ago, clock, say, t } from "../common/texts.js";

const EVERY = 800; // ms between two looks

/** What is left to do, from the first click to the first message; `state` is there once it is published. */
export function Steps({ channel, state }) {
  const names = namesOf(channel);
  const steps = [
    channel.fields.length > 0 && step("filled", Boolean(state)),
    channel.scanned && step("scanned", Boolean(state && !state.scan)),
    channel.checked && step("verified", state?.verified_at, names),
    channel.people && step("message", state?.message_at),
  ];
  return html`<${Progress} steps=${steps.filter(Boolean)} />`;
}

const namesOf = ({ words }) => ({ platform: say(words.platform), console: say(words.console) });

export function LiveState({ channel, state }) {
  return html`
    <${Card} title=${t("live.title")} hint=${channel.checked && !state.verified_at && t("live.hint", namesOf(channel))}>
      <div role="status" aria-live="polite" class="hy-stack tight" data-testid="live-state">
        <${Sentence} ...${state} />
        <${Compared} pairs=${state.compared} />
        ${state.strangers &&
          html`<${Callout} tone="accent" title=${say(state.strangers.title)} detail=${say(state.strangers.hint)} />`}
      </div>
      </${Card}>
  `;
}

/** What a refused call was judged by: ours beside what came. */
function Compared({ pairs }) {
  if (!pairs.length) return null;
  const line = ({ name, here, there }, i) =>
    html`
      <tr key=${i}>
        <th scope="row">${say(name)}</th>
        <td><code>${here || "–"}</code></td>
        <td><code>${there || "–"}</code></td>
      </tr>
    `;
  return html`
    <table class="hy-compared" data-testid="compared">
      <thead>
        <tr>
          <th></th>
          <th scope="col">${t("live.here")}</th>
          <th scope="col">${t("live.there")}</th>
        </tr>
      </thead>
      <tbody>${pairs.map(line)}</tbody>
    </table>
  `;
}

/**
 * The publication's state as it is by now, for as long as the page is looked at; nothing before there is one.
 * `again()`: what else the page shows is another by now, here or in another window.
 */
export function useLiveState(call, publication, again) {
  const [state, setState] = useState(publication?.state);
  const shown = useRef(null);
  shown.current = publication?.state.mark;
  useEffect(() => publication && setState(publication.state), [publication]);
  useEffect(() => {
    if (!publication) return;
    let timer = 0;
    let over = false;
    const look = async () => {
      const answer = document.hidden ? {} : await call("state", { publication: publication.id }, { quiet: true });
      if (over) return;
      if (answer.ok) setState(answer.value);
      if (answer.ok && answer.value.mark !== shown.current) await again();
      if (over) return;
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
