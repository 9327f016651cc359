// Rehearse: choose the account and how slow the answer is, then watch what the person sees and when.

import { html, useRef, useState } from "preact";
import { Button, Callout, Link, Loading } from "../common/elements.js";
import { Field, Input, Select } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { Segments } from "../common/segments.js";
import { href } from "../common/server.js";
import { say, t } from "../common/texts.js";
import { Replay } from "./replay.js";

/** `names`: how the channel's things are called. `variables`: the values that are tried on the page. */
export function Rehearsal({ call, agent, surface, names, variables }) {
  const { answer, value, instead } = useLoad(call, "choices", { id: agent.id, channel: surface }, { part: true });
  if (!answer) {
    return html`
      <div class="hy-stack">
        <${Loading} />
      </div>
    `;
  }
  return html`<div class="hy-stack">${
    instead ?? html`
      <${Stage} call=${call} agent=${agent} surface=${surface} names=${names} variables=${variables}
        choices=${value} />
    `
  }</div>`;
}

function Stage({ call, agent, surface, names, variables, choices }) {
  const { kinds, delays } = choices;
  const [given, setGiven] = useState({
    kind: kinds[0].name,
    delay: delays[2],
    text: choices.text || t("rehearse.hello"),
  });
  const [shown, setShown] = useState(null); // {asking}, {refused} or {items, summary, answer, asked}
  const box = useRef(null);
  /** Another account or delay plays the same answer again; another message asks the agent anew. */
  const play = async (anew) => {
    const text = given.text.trim();
    if (!text) return box.current.querySelector("textarea").focus();
    const asked = JSON.stringify([text, variables]);
    const answer = !anew && asked === shown?.asked ? shown.answer : null;
    if (!answer) setShown({ asking: true });
    const wanted = { ...given, id: agent.id, channel: surface, text, variables, answer };
    const found = await call("rehearse", wanted);
    setShown(found.ok ? { ...found.value, asked } : { refused: say(found.text) });
  };
  return [
    html`
      <section key="form" class="hy-card hy-form" aria-label=${t("play.rehearse", names)} ref=${box}>
        <p class="soft">${t("rehearse.about", names)}</p>
        <${Choices} kinds=${kinds} delays=${delays} given=${given} change=${(part) =>
          setGiven({ ...given, ...part })} />
        <div>
          <${Button} label=${t("rehearse.start")} look="primary" icon="play" id="rehearse-start" onClick=${() =>
            play(false)} />
        </div>
      </section>
    `,
    html`<div key="stage" class="hy-stack" data-testid="rehearsal">
      ${shown && html`<${Shown} name=${agent.name} names=${names} shown=${shown} again=${() => play(true)} />`}
    </div>`,
  ];
}

function Choices({ kinds, delays, given, change }) {
  const { kind, delay, text } = given;
  const long = (n) => n < 60 ? t("rehearse.seconds", { n }) : t("rehearse.minutes", { n: n / 60 });
  return [
    html`
      <${Field} key="kind" id="rehearse-kind" label=${t("rehearse.kind")} hint=${say(
        kinds.find(({ name }) => name === kind).may,
      )}>
        <${Select} id="rehearse-kind" value=${kind} aria-describedby="rehearse-kind-hint"
          options=${kinds.map(({ name, title }) => [name, say(title)])} onChange=${(one) => change({ kind: one })} />
        </${Field}>
    `,
    html`
      <div key="delay" class="hy-field">
        <span class="label" id="rehearse-delay">${t("rehearse.delay")}</span>
        <${Segments} labelledby="rehearse-delay" chosen=${delay} onChoose=${(one) => change({ delay: one })}
          options=${delays.map((one) => ({ id: one, label: long(one), testid: `delay-${one}` }))} />
      </div>
    `,
    html`
      <${Field} key="text" id="rehearse-text" label=${t("rehearse.text")} hint=${t("rehearse.text.hint")}>
        <${Input} id="rehearse-text" rows=${text.split("\n").length + 1} value=${text}
          aria-describedby="rehearse-text-hint" onChange=${(one) => change({ text: one })} />
        </${Field}>
    `,
  ];
}

function Shown({ name, names, shown, again }) {
  const { asking, refused, items, summary, answer } = shown;
  if (asking) return html`<p class="soft hy-rehearse-wait" role="status">${t("rehearse.asking")}</p>`;
  if (refused) return html`<${Callout} tone="bad" title=${refused} />`;
  return [
    answer.failure &&
    html`<${Callout} key="failed" tone="bad" title=${t("rehearse.failed")} detail=${say(answer.failure)} />`,
    summary.limit && html`
      <${Callout} key="limit" tone="warn" title=${t("rehearse.limit", { n: summary.limit })}
        detail=${t("rehearse.limit.hint")}>
        <${Link} label=${t("nav.build")} href=${href("build")} />
        </${Callout}>
    `,
    html`<${Replay} key="replay" name=${name} names=${names} items=${items} summary=${summary} />`,
    html`
      <div key="again" class="hy-row apart">
        <p class="faint">${t("rehearse.recorded")}</p>
        <${Button} label=${t("rehearse.again")} look="quiet" icon="refresh" id="rehearse-anew" onClick=${again} />
      </div>
    `,
  ];
}
