// What checks decided, newest first, each to be judged: was it right?

import { html, useState } from "preact";
import { Dialog, open } from "../common/dialog.js";
import { Button, Card, Pill } from "../common/elements.js";
import { Calm } from "../common/empty.js";
import { Field, Input } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { ago, say, t } from "../common/texts.js";
import { Did } from "./did.js";

const MOST = 50; // that come at once

export function Decisions({ call, agents }) {
  const { value, again, instead } = useLoad(call, "decisions", {}, { part: true });
  const [older, setOlder] = useState([]);
  const all = [...(value ?? []), ...older];
  const renewed = async () => (setOlder([]), await again());
  const more = async () => {
    const found = told(await call("decisions", { before: all.at(-1).id }));
    if (Array.isArray(found)) setOlder([...older, ...found]);
  };
  const nameOf = (agent) => agents.find(({ id }) => id === agent)?.name ?? agent;
  const line = (one) =>
    html`
      <${Decision} key=${one.id} call=${call} one=${one} name=${nameOf(one.agent)} again=${renewed} />
    `;
  return html`
    <${Card} title=${t("safety.decisions")} hint=${t("safety.decisions.hint")} data-testid="decisions">
      ${instead}${value &&
        (all.length ? html`<${Table}>${all.map(line)}</${Table}>` : html`<${Calm} of="decisions" />`)}
      ${all.length > 0 && all.length % MOST === 0 && html`
        <div>
          <${Button} label=${t("safety.older")} id="older"
            onClick=${more} />
        </div>
      `}
    </${Card}>
  `;
}

function Decision({ call, one, name, again }) {
  const { id, publication, sender } = one;
  const judge = async (verdict) => told(await call("judge", { decision: id, verdict })) && await again();
  const lift = async () => told(await call("lift", { publication, sender })) && await again();
  const choice = (verdict) =>
    html`
      <${Button} label=${t(`safety.${verdict}`)} id="judge-${verdict}" aria-pressed=${one.verdict === verdict}
        look=${one.verdict === verdict ? "primary" : ""} onClick=${() =>
          judge(one.verdict === verdict ? "" : verdict)} />
    `;
  const allow = () => void open(Exception, { call, one });
  const counts = one.place === "in" && one.action === "block" && !one.lifted;
  const actions = call.may("judge", one.agent) && [
    choice("right"),
    choice("wrong"),
    one.verdict === "wrong" && one.kind === "words" && call.may("add_exception", one.agent) && html`
      <${Button} label=${t("safety.except")} id="except" onClick=${allow} />
    `,
    counts && html`<${Button} label=${t("safety.lift")} look="quiet" id="lift" onClick=${lift} />`,
  ];
  return html`<${Line} id="decision-${id}" actions=${actions}>
    <div class="hy-row"><${Did} ...${one} /><b>${say(one.check) || one.kind}</b>
      <span class="soft">${say(one.at_place)} · ${name} · ${ago(one.at)}</span>
      ${one.lifted && html`<${Pill}>${t("safety.lifted")}</${Pill}>`}</div>
    ${one.excerpt && html`<p>${one.excerpt}</p>`}
    ${one.why && html`<p class="soft">${say(one.why)}</p>`}
    ${one.what && html`<p class="faint">${one.what}</p>`}
  </${Line}>`;
}

/** What was stopped wrongly is to pass: just that, with the word in it. */
function Exception({ call, one, close }) {
  const [text, setText] = useState(one.excerpt.slice(0, 64));
  const [wrong, setWrong] = useState("");
  const add = async () => {
    const answer = await call("add_exception", { id: one.agent, text });
    if (!answer.ok) return setWrong(say(answer.text));
    told(answer);
    close(true);
  };
  const does = { label: t("safety.except.do"), id: "add-exception", onClick: add };
  return html`
    <${Dialog} title=${t("safety.except.title")} close=${close} does=${does} id="except-dialog">
      <${Field} id="except-text" label=${t("safety.except.text")} hint=${t("safety.except.hint")} wrong=${wrong}>
        <${Input} id="except-text" value=${text} wrong=${wrong} onChange=${setText} autofocus />
        </${Field}>
        </${Dialog}>
  `;
}
