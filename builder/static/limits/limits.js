// What was used today of what may be, and what all may take together.

import { html, useState } from "preact";
import { Button, Card, Head, Link, Pill } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { at } from "../common/root.js";
import { caller, told } from "../common/server.js";
import { show } from "../common/show.js";
import { Line, Table } from "../common/table.js";
import { inDollars, lang, say, t } from "../common/texts.js";
import { who } from "../common/who.js";
import { amount, changeMember, EVERYBODY, MEASURES } from "./members.js";

export const mount = ({ element, page }) => show(html`<${Limits} call=${caller(page)} />`, element);

const KINDS = ["agent", "key", "user", "model"];
const number = (measure, n) => measure === "money" ? inDollars(n) : n.toLocaleString(lang);

function Limits({ call }) {
  const { value, instead, again } = useLoad(call, "overview");
  if (instead) return instead;
  const { uses, people, zone, left } = value;
  const hours = Math.max(1, Math.round(left / 3600));
  const whole = uses.find(({ kind }) => kind === "all");
  return html`
    <div class="hy-page" data-testid="limits">
      <${Head} title=${t("limits.title")} hint=${t("limits.hint", { zone, hours })} />
      ${whole && html`
        <${Card} title=${t("limits.all")} hint=${t("limits.all.hint")}>
          <${Use} ...${whole} />
          ${people && html`<p class="faint">${
            t("limits.people", {
              n: people.count,
              messages: number("messages", people.messages),
              tokens: number("tokens", people.tokens),
              money: number("money", people.money),
            })
          }</p>`}
          </${Card}>
      `}
      ${KINDS.map((kind) =>
        html`
          <${Kind} key=${kind} kind=${kind} uses=${uses.filter((one) => one.kind === kind)} call=${call}
            all=${value.members} again=${again} />
        `
      )}
      ${value.may && html`<${Set} call=${call} value=${value} again=${again} />`}
    </div>
  `;
}

const WHERE = { agent: (id) => `build?agent=${encodeURIComponent(id)}`, model: () => "models", key: () => "people" };

/** `all`: what everybody who works here may take, for whoever may change it. */
function Kind({ kind, uses, call, all, again }) {
  const members = kind === "user" && all;
  if (!uses.length && !members) return null;
  const change = async (one) => await changeMember(call, one) && await again();
  const aside = members && html`
    <${Button} label=${t("limits.member.all")} id="set-everybody"
      onClick=${() => change({ id: EVERYBODY, ...all })} />
  `;
  const actions = (one) => {
    if (WHERE[kind]) {
      return [html`<${Link} label=${t("limits.change")} href=${at(WHERE[kind](one.id))} id="to-${one.id}" />`];
    }
    return members
      ? [html`<${Button} label=${t("limits.member.change")} id="set-${one.id}" onClick=${() => change(one)} />`]
      : [];
  };
  return html`
    <${Card} title=${t(`limits.${kind}`)} hint=${t(`limits.${kind}.hint`)} aside=${aside}>
      <${Table}>${uses.map((one) => {
        return html`
          <${Line} key=${one.id} id="use-${one.id}" actions=${actions(one)}>
            <div class="hy-row"><h3>${who(one.name)}</h3>
              ${one.share >= 0.8 && html`
                <${Pill} tone=${one.share >= 1 ? "bad" : "warn"}>${t(
                  one.share >= 1 ? "limits.gone" : "limits.near",
                )}</${Pill}>
              `}</div>
            <${Use} ...${one} />
            </${Line}>
        `;
      })}</${Table}>
      </${Card}>
  `;
}

/** Each measure with a bar, where it is bounded. */
function Use({ cap, spent, name, unpriced }) {
  return html`
    <div class="hy-uses">
      ${MEASURES.map((measure) => {
        const [used, most] = [spent[measure], cap[measure]];
        const values = { used: number(measure, used), most: most === null ? "" : number(measure, most) };
        const label = t(`limits.${measure}`);
        const text = t(most === null ? "limits.used" : "limits.of", values);
        const bar = most !== null && html`
          <meter min="0" max="1" low="0.799" high="0.999" optimum="0" value=${most ? Math.min(1, used / most) : 1}
            aria-label="${who(name)} ${label}: ${text}"></meter>
        `;
        const rest = most !== null && html`
          <span class="faint">${t("limits.left", { n: number(measure, Math.max(0, most - used)) })}</span>
        `;
        return html`<div key=${measure}><span>${t("limits.measure", { label, text })}</span>${bar}${rest}</div>`;
      })}
      ${unpriced > 0 && html`<p class="faint">${t("limits.unpriced", { n: number("tokens", unpriced) })}</p>`}
    </div>
  `;
}

function Set({ call, value, again }) {
  const [given, setGiven] = useState({ ...value.all, timezone: value.zone });
  const [wrong, setWrong] = useState(null);
  const save = async () => {
    const amounts = Object.fromEntries(MEASURES.map((name) => [name, amount(given[name])]));
    const answer = await call("save", { ...amounts, timezone: given.timezone });
    setWrong(answer.ok ? null : answer);
    if (answer.ok && told(answer)) await again();
    if (!answer.ok && !answer.field) told(answer);
  };
  const field = (name, kind) => {
    const why = wrong?.field === name ? say(wrong.text) : "";
    return html`
      <${Field} id="limit-${name}" label=${t(`limits.set.${name}`)} wrong=${why}>
        <${Input} id="limit-${name}" kind=${kind} min="0" step="any" value=${given[name]} wrong=${why}
          onChange=${(text) => setGiven({ ...given, [name]: text })} />
        </${Field}>
    `;
  };
  return html`
    <${Card} title=${t("limits.set")} hint=${t("limits.set.hint")}>
      <div class="hy-stack">
        <div class="hy-form two">
          ${MEASURES.map((name) => field(name, "number"))}${field("timezone", "text")}
        </div>
        <div>
          <${Button} label=${t("common.save")} look="primary" id="save-limits" onClick=${save} />
        </div>
      </div>
      </${Card}>
  `;
}
