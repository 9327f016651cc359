// API keys: of one person, or of programs.

import { html, useState } from "preact";
import { CopyField } from "../common/copy.js";
import { Dialog, open } from "../common/dialog.js";
import { Button, Callout, Card, Pill } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { Line, Table } from "../common/table.js";
import { ago, inDollars, lang, listed, moment, say, t } from "../common/texts.js";

/** `of`: mine or programs; `loaded`: what useLoad gave; `make(wanted)` asks for one, `revoke(one)` ends it, if they mean it. */
export function Keys({ of, loaded, make, revoke }) {
  const { value, instead, again } = loaded;
  if (instead) return instead;
  const add = async () => {
    const key = await open(KeyDialog, { make, ...value });
    if (!key) return;
    await open(NewKey, { secret: key });
    await again();
  };
  const end = async (one) => await revoke(one) && await again();
  const more = value.permissions.length > 0 && html`
    <${Button} label=${t("keys.add")} icon="plus" id="add-key" onClick=${() => void add()} />
  `;
  return html`
    <${Card} title=${t(`keys.${of}`)} hint=${t(`keys.${of}.hint`)} aside=${more} data-testid="keys-${of}">
      ${value.keys.length === 0 && html`<p class="soft">${t("keys.none")}</p>`}
      ${value.permissions.length === 0 &&
        html`<p class="faint">${t(value.agents.length ? "keys.nothing" : "keys.no_agent")}</p>`}
      <${Table}>${value.keys.map((one) => html`<${Key} key=${one.id} one=${one} end=${end} />`)}</${Table}>
      </${Card}>
  `;
}

function Key({ one, end }) {
  const actions = [
    html`<${Button} label=${t("api.revoke")} look="danger" id="revoke-own" onClick=${() => end(one)} />`,
  ];
  const bounds = Object.entries(one.limits).filter(([, most]) => most)
    .map(([name, most]) =>
      t(`keys.limit.${name}`, { most: name === "money_per_day" ? inDollars(most) : most.toLocaleString(lang) })
    );
  const used = one.used ? t("keys.used", { when: ago(one.used.at), from: one.used.address }) : t("keys.unused");
  const until = one.expires_at && t("keys.until", { when: moment(one.expires_at) });
  return html`
    <${Line} id="key-${one.prefix}" actions=${actions}>
      <div class="hy-row"><h3>${one.name || html`<code>${one.prefix}…</code>`}</h3>
        ${one.user && html`<${Pill}>${one.user}</${Pill}>`}
        ${!one.valid && html`<${Pill} tone="bad">${t("keys.over")}</${Pill}>`}</div>
      <p class="soft">${listed(one.permissions.map(say))} · ${listed(one.agents)}</p>
      <p class="faint">${[one.name && `${one.prefix}…`, used, until, ...bounds].filter(Boolean).join(" · ")}</p>
      </${Line}>
  `;
}

const AMOUNTS = ["days", "per_day", "tokens_per_day", "money_per_day"];

function Checks({ title, options, given, change, id }) {
  const toggle = (one) => change(given.includes(one) ? given.filter((it) => it !== one) : [...given, one]);
  return html`
    <fieldset class="hy-checks"><legend>${title}</legend>${options.map(([one, label]) =>
      html`
        <label key=${one}><input type="checkbox" data-testid="${id}-${one}" checked=${given.includes(one)}
          onChange=${() => toggle(one)} /> ${label}</label>
      `
    )}</fieldset>
  `;
}

function KeyDialog({ make, permissions, agents, usual, close }) {
  const only = agents.length === 1 ? [agents[0].id] : [];
  const [given, setGiven] = useState({ name: "", permissions: [permissions[0].id], agents: only, days: 90, ...usual });
  const [wrong, setWrong] = useState(null);
  const set = (name) => (value) => setGiven({ ...given, [name]: value });
  const amount = (text) => (String(text ?? "").trim() === "" ? null : Number(text));
  const save = async () => {
    const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, amount(given[name])]));
    const answer = await make({ ...given, ...amounts });
    if (answer.ok) close(answer.value.key);
    else setWrong(answer);
  };
  const of = (name) => (wrong?.field === name ? say(wrong.text) : "");
  const field = (name, kind = "number") =>
    html`
      <${Field} id="key-${name}" label=${t(`keys.${name}`)} wrong=${of(name)} optional=${kind === "number"}>
        <${Input} id="key-${name}" kind=${kind} min="0" step="any" value=${given[name]} wrong=${of(name)}
          onChange=${set(name)} />
        </${Field}>
    `;
  const does = { label: t("keys.make"), id: "make-key", onClick: save };
  const shown = ["name", ...AMOUNTS].includes(wrong?.field);
  return html`
    <${Dialog} title=${t("keys.add")} close=${close} does=${does} id="key-dialog">
      ${wrong && !shown && html`<${Callout} tone="bad" title=${say(wrong.text)} />`}
      ${field("name", "text")}
      <${Checks} id="may" title=${t("keys.may")} given=${given.permissions} change=${set("permissions")}
        options=${permissions.map(({ id, words }) => [id, say(words)])} />
      <${Checks} id="on" title=${t("keys.agents")} given=${given.agents} change=${set("agents")}
        options=${agents.map(({ id, name }) => [id, name])} />
      <div class="hy-form two">${AMOUNTS.map((name) => field(name))}</div>
      </${Dialog}>
  `;
}

/** It is shown once. */
function NewKey({ secret, close }) {
  const footer = [
    html`<${Button} label=${t("api.once.done")} look="primary" id="key-done" onClick=${() => close()} />`,
  ];
  return html`
    <${Dialog} title=${t("api.once")} close=${close} footer=${footer}>
      <div class="hy-stack">
        <${Callout} tone="warn" title=${t("api.once.title")} detail=${t("api.once.hint")} />
        <${CopyField} value=${secret} data-testid="new-key" />
      </div>
      </${Dialog}>
  `;
}
