// The agent's settings: what it is called and knows, remembers, may spend and says.

import { html, useRef, useState } from "preact";
import { Button, Card } from "../common/elements.js";
import { Input, Wrong } from "../common/field.js";
import { Form, Lines } from "../common/form.js";
import { Powers } from "../common/powers.js";
import { say, t } from "../common/texts.js";
import { Brought } from "./brought.js";
import { Consent } from "./consent.js";
import { Keywords } from "./keywords.js";
import { PersonValues } from "./person.js";
import { Safety } from "./safety.js";
import { SharedPlaces } from "./shared.js";

const BASIC = ["description", "language", "timezone"];
const SENSES = ["vision", "voice"];
const SAID = ["greeting", "waiting", "busy", "failure", "slower", "unsupported"];
const MOST = 6; // suggestions
const LISTS = ["variables", "keywords", "person", "shared", "checks"];

export function Settings({ work }) {
  const { data } = work.autosave;
  const { schema } = work.opened;
  const [suggestions, setSuggestions] = useState(data.suggestions || []);
  const wrong = wrongIn(work.problems);
  const suggest = (items) => {
    setSuggestions(items); // with the empty ones, which are not saved
    work.change({ suggestions: items.filter(Boolean) });
  };
  const nested = (name) =>
    html`
      <${Form} schema=${partOf(schema, name)} values=${data[name] ||
        {}} wrong=${wrong[name]} columns=${name !== "texts"}
        placeholders=${name === "texts" ? USUAL() : {}} onChange=${(values) => work.change({ [name]: values })} />
    `;
  return html`
    <div class="hy-page hy-settings">
      <${Section} name="basic">
        <${Form} schema=${schema} only=${BASIC} values=${data} wrong=${wrong[""]}
          onChange=${(values, name) => work.change({ [name]: values[name] })} />
        <${Brought} work=${work} again />
        </${Section}>
        <${Section} name="senses">
          <${Form} schema=${schema} only=${SENSES} values=${data} wrong=${wrong[""]} columns
            onChange=${(values, name) => work.change({ [name]: values[name] })} />
          ${nested("speech")}<${Known} models=${work.offered?.models ?? []} />
          </${Section}>
          <${Section} name="suggestions">
            <${Lines} items=${suggestions} label=${t("settings.suggestion")} add=${t(
              "settings.suggestion.add",
            )} most=${MOST}
              wrong=${wrong.suggestions} onChange=${suggest} />
            </${Section}>
            <${Section} name="variables">
              <${Variables} rows=${data.variables || []} wrong=${wrong.variables} change=${(variables) =>
                work.change({ variables })} />
              </${Section}>
              <${Section} name="person"><${PersonValues} work=${work} wrong=${wrong.person} /></${Section}>
              <${Section} name="shared"><${SharedPlaces} work=${work} wrong=${wrong.shared} /></${Section}>
        ${["memory", "texts"].map((name) => html`<${Section} key=${name} name=${name}>${nested(name)}</${Section}>`)}
        <${Section} name="keywords">
          <${Keywords} saved=${data.keywords || []} schema=${schema.$defs.Keyword} wrong=${wrong.keywords}
            change=${(keywords) => work.change({ keywords })} />
          </${Section}>
        ${[Safety, Consent].map((Part) => html`<${Part} ...${{ work, wrong, partOf, Section }} key=${Part.name} />`)}
        <${May} may=${work.may} withheld=${data.withheld} holds=${data.holds} change=${(part) => work.change(part)} />
        ${["limits", "cache"].map((name) => html`<${Section} key=${name} name=${name}>${nested(name)}</${Section}>`)}
      </div>
  `;
}

const USUAL = () => Object.fromEntries(SAID.map((key) => [key, t("settings.texts.default")]));

function partOf(schema, name) {
  const { $ref, allOf } = schema.properties[name];
  const part = ($ref || allOf?.[0]?.$ref).split("/").pop();
  return { ...schema.$defs[part], $defs: schema.$defs };
}

/** Errors by setting and what is below: {"": {language}, memory: {turns}, suggestions: {0}, variables: {0: {name}}}. */
function wrongIn(problems) {
  const wrong = {
    "": {},
    memory: {},
    speech: {},
    texts: {},
    limits: {},
    waiting: {},
    consent: {},
    cache: {},
    suggestions: {},
    variables: {},
    keywords: {},
    person: {},
    shared: {},
    safety: {},
    checks: {},
    masking: {},
    strikes: {},
    label: {},
  };
  for (const { field, text, level } of problems) {
    if (level !== "error") continue;
    const [head, ...rest] = field.replace(/^safety\.(?=(checks|masking|strikes|label)\b)/, "").split(".");
    if (!rest.length) wrong[""][head] = say(text);
    else if (rest.length === 1 && wrong[head]) wrong[head][rest[0]] = say(text);
    else if (!LISTS.includes(head)) (wrong[head] ?? {})[rest[0]] = say(text);
    else wrong[head][rest[0]] = { ...wrong[head][rest[0]], [rest[1]]: say(text) };
  }
  return wrong;
}

function Section({ name, children }) {
  return html`<${Card} title=${t(`settings.${name}`)} hint=${t(`settings.${name}.hint`)} data-testid="settings-${name}">
    ${children}
  </${Card}>`;
}

/** What fields for models suggest. */
const Known = ({ models }) =>
  html`
    <datalist id="models-known">${models.map((model) =>
      html`
        <option key=${model} value=${model} />
      `
    )}</datalist>
  `;

/** What its tools can do to the world, and what of the owner's they use, each to be allowed or not. */
function May({ may, withheld = [], holds = null, change }) {
  if (!may?.length) return null;
  const mine = may.map(({ power }) => power);
  const owned = mine.filter((one) => one.includes(":"));
  const allowed = mine.filter((one) => one.includes(":") ? !holds || holds.includes(one) : !withheld.includes(one));
  const permit = (now) => {
    const others = (list) => list.filter((one) => !mine.includes(one));
    const refused = mine.filter((one) => !now.includes(one));
    const all = !holds && owned.every((one) => now.includes(one));
    change({
      withheld: [...others(withheld), ...refused.filter((one) => !owned.includes(one))],
      holds: all ? null : [...others(holds ?? []), ...owned.filter((one) => now.includes(one))],
    });
  };
  return html`
    <${Section} name="may">
      <${Powers} may=${may} allowed=${allowed} change=${permit} />
      </${Section}>
  `;
}

function Variables({ rows, wrong, change }) {
  const root = useRef(null);
  const add = () => {
    change([...rows, { name: freeName(rows), title: "", default: "" }]);
    requestAnimationFrame(() => root.current.querySelector(`[data-testid=variable-name-${rows.length}]`)?.select());
  };
  const head = html`<div class="hy-var head" aria-hidden="true">
    ${["name", "title", "default"].map((key) => html`<span key=${key}>${t(`variables.${key}`)}</span>`)}<span></span>
  </div>`;
  return html`<div class="hy-stack tight" ref=${root}>
    ${rows.length > 0 && head}
    ${
    rows.map((row, i) =>
      html`
        <${Variable} key=${i} row=${row} i=${i} wrong=${wrong[i]} set=${(next) => change(rows.with(i, next))}
          remove=${() => change(rows.toSpliced(i, 1))} />
      `
    )
  }
    <div><${Button} label=${t("variables.add")} icon="plus" look="quiet" id="add-variable" onClick=${add} /></div>
  </div>`;
}

function Variable({ row, i, wrong = {}, set, remove }) {
  const blank = { name: "", title: "", default: "" };
  const field = (key) =>
    html`
      <div class="hy-field" key=${key}>
        <${Input} rows=${key === "default" ? 1 : 0} code=${key === "name"} value=${row[key]} wrong=${wrong[key]}
          aria-label=${t(`variables.${key}`)} placeholder=${t(
            `variables.${key}.example`,
          )} data-testid="variable-${key}-${i}"
          onChange=${(value) => set({ ...blank, ...row, [key]: value })} />
        <${Wrong} text=${wrong[key]} />
      </div>
    `;
  return html`<div class="hy-var">
    ${["name", "title", "default"].map(field)}
    <${Button} icon="close" look="quiet icon" title=${t("common.remove")} onClick=${remove} />
  </div>`;
}

function freeName(rows) {
  let n = rows.length + 1;
  while (rows.some((row) => row.name === `value${n}`)) n += 1;
  return `value${n}`;
}
