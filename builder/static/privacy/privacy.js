// Privacy: what is kept and for how long, what a run would delete, who gets to see what people write.

import { html, useState } from "preact";
import { Button, Callout, Card, Head, More, Pill } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { Segments } from "../common/segments.js";
import { caller, told } from "../common/server.js";
import { show } from "../common/show.js";
import { Line, Table } from "../common/table.js";
import { listed, say, t } from "../common/texts.js";
import { Encryption } from "./encryption.js";
import { Kept } from "./kept.js";

export const mount = ({ element, page }) => show(html`<${Privacy} call=${caller(page)} />`, element);

const TABS = { kept: Keeping, seen: Getting, map: Where };
const chosen = () => {
  const part = new URLSearchParams(location.search).get("part");
  return Object.hasOwn(TABS, part ?? "") ? part : "kept";
};

function Privacy({ call }) {
  const { value, instead, again } = useLoad(call, "overview");
  const [tab, setTab] = useState(chosen);
  if (instead) return instead;
  const choose = (part) => {
    const address = new URL(location.href);
    address.searchParams.set("part", part);
    history.replaceState(null, "", address);
    setTab(part);
  };
  const options = Object.keys(TABS).map((id) => ({ id, label: t(`privacy.tab.${id}`), testid: `tab-${id}` }));
  return html`
    <div class="hy-page" data-testid="privacy-page">
      <${Head} title=${t("privacy.title")} hint=${t("privacy.subtitle")} />
      <${Segments} options=${options} chosen=${tab} onChoose=${choose} label=${t("privacy.title")} tabs />
      <${TABS[tab]} call=${call} value=${value} again=${again} />
    </div>
  `;
}

function Keeping({ call, value, again }) {
  return html`
    <${Kept} key=${value.ran} call=${call} value=${value} again=${again} />
    <${Encryption} call=${call} value=${value.encryption} again=${again} />
  `;
}

function Getting({ call, value: { models, tools, told }, again }) {
  return html`
    <${Seen} models=${models} tools=${tools} />
    <${Told} call=${call} told=${told} again=${again} />
  `;
}

/** To whom what people write goes. */
function Seen({ models, tools }) {
  const abroad = models.filter((one) => one.abroad).map(({ name }) => name);
  const line = (id, name, agents, pill) =>
    html`
      <${Line} key=${id} id=${id}>
        <div class="hy-row"><b>${name}</b>${pill}</div>
        <p class="faint">${t("privacy.used_by", { names: listed(agents) })}</p>
        </${Line}>
    `;
  const outside = html`<${Pill} tone="warn">${t("privacy.abroad")}</${Pill}>`;
  return html`
    <${Card} title=${t("privacy.seen")} hint=${t("privacy.seen.hint")}>
      ${abroad.length > 0 &&
        html`
          <${Callout} tone="warn" title=${t("privacy.abroad.title", { names: listed(abroad) })}
            detail=${t("privacy.abroad.hint")} />
        `}
      ${models.length + tools.length
        ? html`<${Table}>
            ${models.map((one) => line(`seen-${one.name}`, one.name, one.agents, one.abroad && outside))}
            ${tools.map((one) => line(`tool-${one.name}`, say(one.title) || one.name, one.agents, null))}
          </${Table}>`
        : html`<p class="soft">${t("privacy.seen.nobody")}</p>`}
    </${Card}>
  `;
}

/** What goes along with every question to a provider. */
function Told({ call, told: now, again }) {
  const [values, setValues] = useState({ tag: now.tag, period: now.period });
  const [wrong, setWrong] = useState({});
  const save = async () => {
    const answer = await call("save_headers", values);
    setWrong(answer.ok ? {} : { [answer.field]: say(answer.text) });
    if (answer.ok && told(answer) !== undefined) await again();
  };
  const field = (name, header) =>
    html`
      <${Field} id="header-${name}" label=${t(`privacy.header.${name}`)} hint=${header} wrong=${wrong[name]} optional>
        <${Input} id="header-${name}" code value=${values[name]} wrong=${wrong[name]}
          onChange=${(value) => setValues({ ...values, [name]: value })} />
        </${Field}>
    `;
  return html`
    <${Card} title=${t("privacy.headers")} hint=${t("privacy.headers.hint")}>
      <div class="hy-stack">
        <div class="hy-form two">${field("tag", now.names[0])}${field("period", now.names[1])}</div>
        ${call.may("save_headers") &&
          html`
            <div>
              <${Button} label=${t("privacy.save")} id="save-headers" onClick=${save} />
            </div>
          `}
      </div>
      </${Card}>
  `;
}

/** Every kind of data: where it lies, how, for how long, and who may read it. */
function Where({ value: { map } }) {
  return html`
    <${Card} title=${t("privacy.map")} hint=${t("privacy.map.hint")} data-testid="data-map">
      <div class="hy-map">${map.map((one) => html`<${Lies} key=${one.name} one=${one} />`)}</div>
      </${Card}>
  `;
}

function Lies({ one }) {
  const title = html`
    <span><b>${say(one.title)}</b>
      ${one.of_people && html`<${Pill}>${t("privacy.of_people")}</${Pill}>`}
      <span class="faint">${say(one.until)}</span></span>
  `;
  return html`
    <${More} title=${title} data-testid="map-${one.name}">
      <dl class="hy-facts">${facts(one).map(([name, text]) =>
        html`
          <div key=${name}>
            <dt>${t(`privacy.map.${name}`)}</dt>
            <dd>${text}</dd>
          </div>
        `
      )}</dl>
      ${one.where.length > 0 && html`<p class="faint"><code>${one.where.join("  ")}</code></p>`}
    </${More}>
  `;
}

const facts = (one) => [
  ["sealed", say(one.sealed)],
  ["read_by", one.read_by ? t("privacy.map.may", { what: say(one.read_by) }) : t("privacy.map.nobody")],
  ["goes", listed(one.goes.map(say))],
];
