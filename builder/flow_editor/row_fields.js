/** Lists: name and template pairs, a branch's cases, rows of fields, plain lines. */

import { html, useRef, useState } from "preact";
import { Input } from "../static/common/field.js";
import { Condition } from "./condition_field.js";
import { menu } from "./menu.js";
import { Sortable } from "./sortable.js";
import { useTaken } from "./taken.js";
import { Template } from "./template_field.js";
import { blankItem, givesNames, nameFrom, withSetting } from "./values.js";

/** Name → template. Where the names are results, values of the person can be written too. */
export function Pairs({ field, value, change, context }) {
  const { editor } = context;
  const writable = field && editor.types[context.block?.().type]?.named_by === field.name
    ? editor.variables.filter(({ name }) => name.startsWith("person."))
    : [];
  const inner = { ...context, label: editor.t("pair_value"), compact: true, placeholder: editor.t("pair_value") };
  const draw = ([name, template], set) =>
    html`<${Pair} name=${name} template=${template} set=${set} editor=${editor} context=${inner} />`;
  const blank = (rows, name = freeName(rows)) => [name, ""];
  const entry = (append) => ({ name, title }) => ({
    title: editor.t("write_person", { name: title }),
    hint: name,
    icon: "person",
    testid: `write-${name}`,
    run: () => append((rows) => blank(rows, name), 1), // what is to be written is its value
  });
  const ask = (append, anchor) =>
    menu(editor, anchor, editor.t("add_pair"), [
      { title: editor.t("write_value"), icon: "code", testid: "write-new", run: () => append((rows) => blank(rows)) },
      ...writable.map(entry(append)),
    ]);
  return html`
    <${Sortable} editor=${editor} items=${Object.entries(value ?? {})} draw=${draw} testid="pair"
      add=${editor.t("add_pair")} blank=${blank} ask=${writable.length > 0 && ask}
      change=${(rows) => change(Object.fromEntries(rows))} />
  `;
}

function Pair({ name, template, set, editor, context }) {
  const row = useRef([name, template]);
  const write = (at, next) => set(row.current = row.current.with(at, next));
  return [
    html`
      <input key="name" class="fe-input fe-name" type="text" value=${name} placeholder=${editor.t("pair_name")}
        aria-label=${editor.t("pair_name")} spellcheck=${false} onInput=${(event) => write(0, event.target.value)} />
    `,
    html`<${Template} key="value" value=${template} change=${(next) => write(1, next)} context=${context} />`,
  ];
}

/** A name that no row has yet. */
function freeName(rows) {
  let n = rows.length + 1;
  while (rows.some(([name]) => name === `value_${n}`)) n++;
  return `value_${n}`;
}

export function Cases({ field, value, change, context }) {
  const { editor, path } = context;
  const when = field.fields?.find(({ widget }) => widget === "expression") ?? {};
  const blank = (cases) => ({ title: editor.t("case", { n: cases.length + 1 }), when: "", flow: [] });
  const draw = (item, set, index) =>
    html`<${Case} item=${item} set=${set} path="${path}.${index}" when=${when} context=${context} />`;
  return html`
    <${Sortable} editor=${editor} items=${value ?? []} change=${change} draw=${draw} blank=${blank} testid="case"
      add=${editor.t("add_case")} least=${field.minItems} most=${field.maxItems} />
  `;
}

function Case({ item, set, path, when, context }) {
  const { editor } = context;
  const now = useRef(item);
  const write = (part) => set(now.current = { ...now.current, ...part });
  const title = editor.t("case_title");
  return html`
    <div class="fe-case-row" data-field=${path}>
      <input class="fe-input strong" type="text" value=${item.title ?? ""} placeholder=${title} aria-label=${title}
        onInput=${(event) => write({ title: event.target.value })} />
      <div data-field="${path}.when">
        <${Condition} field=${when} value=${item.when} change=${(next) => write({ when: next })} context=${context} />
        <span class="fe-wrong" role="alert"></span>
      </div>
    </div>
  `;
}

/** A nested object, or a list of them: each item is a form of its own. */
export function Rows({ field, value, change, context }) {
  const { editor, path } = context;
  const beside = () => (latest.current ?? []).map(({ name, title }) => ({ name, title: title || name, kind: "block" }));
  const latest = useRef(value);
  const write = (rows) => change(latest.current = rows);
  const item = (object, set, place) =>
    html`<${Inner} fields=${field.fields} object=${object ?? {}} set=${set} context=${{
      ...context,
      path: place,
      beside,
    }} />`;
  if (field.type === "object") return html`<div class="fe-nested">${item(value, change, path)}</div>`;
  const blank = (rows, type) => blankItem(field, editor, rows, type);
  const kinds = Object.entries(field.fields.find(({ name }) => name === "type")?.names ?? {});
  const ask = kinds.length > 0 && ((append, anchor) =>
    menu(
      editor,
      anchor,
      editor.t("add_row"),
      kinds.map(([type, title]) => ({
        title: editor.say(title),
        testid: `kind-${type}`,
        run: () => append((rows) => blank(rows, type)),
      })),
    ));
  return html`
    <${Sortable} editor=${editor} items=${value ?? []} change=${write} add=${editor.t("add_row")} blank=${blank}
      ask=${ask} most=${field.maxItems} least=${field.minItems} draw=${(object, set, i) =>
        item(object, set, `${path}.${i}`)} />
  `;
}

/** The fields of an object; `set(object)` at each edit. */
export function Inner({ fields, object, set, context }) {
  const now = useRef(object);
  const [drawn, setDrawn] = useState({ filled: 0 }); // times that another field was filled in from one
  const nameless = useRef(givesNames(fields) && !object.title); // nobody has called it anything yet
  const change = (name, value) => {
    const field = fields.find((one) => one.name === name);
    const about = field.widget === "agent" && !now.current.description && fields.some(isDescription);
    const called = name === "title" && nameless.current && freshName(now.current.name, value, context);
    now.current = withSetting(now.current, field, value);
    if (about) now.current = { ...now.current, description: aboutAgent(context.editor, value) };
    if (called) now.current = { ...now.current, name: called };
    if (name === "name") nameless.current = false;
    const told = Boolean(about || called);
    set(now.current);
    if (told || fields.some(({ when }) => when?.[0] === name)) {
      setDrawn(({ filled }) => ({ filled: filled + Number(told) }));
    }
  };
  return html`<${context.form} fields=${fields} values=${now.current} change=${change} context=${{
    ...context,
    compact: true,
    filled: drawn.filled,
  }} />`;
}

/** By its title; "" where that says nothing of use, or where the name that it has is used already. */
function freshName(name, title, { editor, block, beside }) {
  const used = new RegExp(String.raw`\b${block?.().id}\.(?:fields\.)?${name}\b`);
  if (used.test(JSON.stringify(editor.flow))) return "";
  return nameFrom(title, (beside?.() ?? []).map((one) => one.name).filter((other) => other !== name));
}

const isDescription = ({ name }) => name === "description";

/** What a model is told of a colleague, so that it knows whom to ask. */
function aboutAgent({ agents }, id) {
  const { title = "", about = "" } = agents.find(({ value }) => value === id) ?? {};
  return [title, about].filter(Boolean).join(": ");
}

/** Short texts, one a line: a whole list can be pasted. */
export function Lines({ value, change, context: { editor, labelledby, anew } }) {
  const [text, setText] = useTaken((value ?? []).join("\n"), anew);
  const write = (next) => {
    setText(next);
    change(next.split("\n").map((line) => line.trim()).filter(Boolean));
  };
  return html`
    <${Input} class="fe-input fe-area" rows=${Math.min(8, text.split("\n").length + 1)} value=${text}
      placeholder=${editor.t("one_a_line")} onChange=${write} aria-labelledby=${labelledby} />
  `;
}
