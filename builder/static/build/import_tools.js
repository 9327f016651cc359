// Tools that a source offers: say where it is, choose among what it has, and take that into the block.

import { html, useEffect, useRef, useState } from "preact";
import { Dialog, open } from "../common/dialog.js";
import { Button, Callout, Pill } from "../common/elements.js";
import { Input } from "../common/field.js";
import { Form } from "../common/form.js";
import { told } from "../common/server.js";
import { listed, say, t } from "../common/texts.js";

const MANY = 12; // tools from which there is something to search in

/** The block's tools with those that were chosen, or undefined. `kind`: of the catalog; `single`: one only. */
export const importTools = (call, { kind, type, tools, single }) =>
  open(Import, { call, type, title: say(kind.title), schema: kind.imports, tools, single });

function Import({ call, type, title, schema, tools, single, close }) {
  const [source, setSource] = useState(() => lastOf(schema, type, tools));
  const [offer, setOffer] = useState(null);
  const [chosen, setChosen] = useState([]);
  const [refused, setRefused] = useState(null); // {field, text}
  const given = () => ({ type, source, tools: single ? [] : tools });
  const change = (values) => (setSource(values), setOffer(null), setRefused(null));
  const look = async () => {
    const answer = await call("offered_tools", given());
    if (!answer.ok) return setRefused(answer);
    setRefused(null);
    setOffer(answer.value);
    setChosen(answer.value.tools.filter(({ state }) => state === "changed").map(({ key }) => key));
  };
  const take = async () => {
    const taken = told(await call("take_tools", { ...given(), keys: chosen }));
    if (taken) close(taken);
  };
  const toggle = (key) =>
    setChosen(single ? [key] : chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key]);
  const sentence = refused && say(refused.text);
  const placed = Boolean(refused && schema.properties[refused.field]);
  const footer = html`
    <${Button} label=${t("common.cancel")} onClick=${() => close()} />
    <${Button} label=${t("import.take", { n: chosen.length })} look="primary" id="import-take" disabled=${!chosen
      .length} onClick=${take} />
  `;
  return html`
    <${Dialog} title=${title} close=${close} footer=${footer} size="wide" id="import-dialog">
      <div class="hy-stack">
        <${Form} schema=${schema} values=${source} onChange=${change} wrong=${placed
          ? { [refused.field]: sentence }
          : {}} />
        <div><${Button} label=${t("import.look")} icon="search" id="import-look" onClick=${look} /></div>
        ${sentence && !placed && html`<${Callout} tone="bad" title=${sentence} />`}
        ${offer && html`<${Offer} ...${{ offer, chosen, toggle, single }} />`}
      </div>
      </${Dialog}>
  `;
}

/** Where the newest of the block's tools of that type came from. */
function lastOf({ properties }, type, tools) {
  const from = tools.findLast((tool) => tool.type === type && (tool.source || tool.url));
  if (!from) return {};
  const place = properties.kept?.enum.includes(from.source) ? "kept" : "url";
  const values = { [place]: from.source || from.url, ...(from.secret ? { secret: from.secret } : {}) };
  return from.command ? { ...values, command: from.command } : values;
}

function Offer({ offer, chosen, toggle, single }) {
  const [words, setWords] = useState("");
  const heading = useRef(null);
  useEffect(() => heading.current.scrollIntoView({ block: "start" }), []); // it is below
  const fits = ({ key, name, title, group }) =>
    `${key} ${name} ${title} ${group}`.toLowerCase().includes(words.toLowerCase());
  const shown = offer.tools.filter(fits);
  const line = (one) => html`<${Line} key=${one.key} one=${one} chosen=${chosen} toggle=${toggle} single=${single} />`;
  return html`
    <h3 ref=${heading}>${offer.title || t("import.offered")}</h3>
    ${offer.gone.length > 0 &&
      html`<${Callout} tone="warn" title=${t("import.gone", { names: listed(offer.gone) })} />`}
    ${offer.tools.length > MANY &&
      html`<${Input} value=${words} onChange=${setWords} placeholder=${t("import.search")} aria-label=${
        t("import.search")
      } />`}
    ${shown.length === 0 && html`<p class="soft">${t("import.none")}</p>`}
    <div class="hy-stack tight" data-testid="import-offer">${shown.slice(0, 300).map(line)}</div>
  `;
}

function Line({ one, chosen, toggle, single }) {
  const why = say(one.why);
  const detail = [one.title, one.group, why].filter(Boolean).join(" · ");
  return html`
    <label class="hy-switch">
      <input type=${single ? "radio" : "checkbox"} name="import" checked=${chosen.includes(one.key)}
        disabled=${Boolean(why) || one.state === "same"} data-testid="import-${one.name}" onChange=${() =>
          toggle(one.key)} />
      <span>
        <b>${one.name}</b> ${one.key !== one.name && html`<code>${one.key}</code>`}
        ${one.state &&
          html`<${Pill} tone=${one.state === "changed" ? "warn" : "ok"}>${t(`import.${one.state}`)}</${Pill}>`}
        ${one.old && html`<${Pill}>${t("import.old")}</${Pill}>`}
        ${detail && html`<div class="hint">${detail}</div>`}
      </span>
    </label>
  `;
}
