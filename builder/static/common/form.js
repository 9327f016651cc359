// A form from a JSON schema: label, hint, error and the fitting control for each field.

import { html, useLayoutEffect, useMemo, useRef, useState } from "preact";
import { Button } from "./elements.js";
import { Field, Input, Select, Wrong } from "./field.js";
import { listed, say, t } from "./texts.js";

let count = 0;

/** An id that no other element has. */
export const useId = (prefix = "f") => useMemo(() => `${prefix}${++count}`, []);

/** The one real type of a property that may also be null, or a reference. */
function resolved(property, schema) {
  const open = property.$ref || property.allOf?.[0]?.$ref;
  const found = open ? { ...schema.$defs[open.split("/").pop()], ...property } : property;
  const inner = found.anyOf?.find((one) => one.type !== "null");
  const { labels, hints } = found;
  if (found.items) return { ...found, items: resolved(found.items, schema) };
  return inner ? { ...found, ...inner, labels, hints, nullable: true } : found;
}

/** Enter in a line of text presses the button with that id, which stands below. */
export const onEnter = (id) => (event) => {
  const line = event.key === "Enter" && !event.isComposing && event.target.matches("input.hy-input");
  if (line) event.currentTarget.querySelector(`[data-testid=${id}]`).click();
};

/** Whether a form with these values has to ask for that field. */
export function isAsked({ properties }, name, values) {
  const [other, fitting] = properties[name].when || [];
  return !other || [fitting].flat().includes(values[other] ?? properties[other].default);
}

/**
 * Fields of `schema` for `values`; `only` chooses and orders them. `onChange(values, name)` at each change; `wrong`: what
 * is wrong, by name; at each new `focus` the first of these gets the cursor; `placeholders` by name, e.g. for a secret that
 * is set already.
 */
export function Form(
  { schema, values, onChange, only = null, wrong = {}, focus = 0, placeholders = {}, columns = false },
) {
  const prefix = useId();
  const root = useRef(null);
  useLayoutEffect(() => {
    if (focus) root.current.querySelector("[aria-invalid=true]")?.focus();
  }, [focus]); // not at each change: what is left wrong would take the cursor from what is typed
  const names = (only || Object.keys(schema.properties)).filter((name) => isAsked(schema, name, values));
  return html`<div class="hy-form ${columns ? "two" : ""}" ref=${root}>${
    names.map((name) =>
      html`
        <${Property} key=${name} id="${prefix}-${name}" name=${name} property=${resolved(
          schema.properties[name],
          schema,
        )}
          required=${(schema.required || []).includes(name)} value=${values[name]} wrong=${wrong[name]}
          placeholder=${placeholders[name]} onChange=${(value) => onChange({ ...values, [name]: value }, name)} />
      `
    )
  }</div>`;
}

function Property({ id, name, property, required, value, wrong, placeholder, onChange }) {
  const title = say(property.labels) || name;
  const hint = say(property.hints);
  const shown = value === undefined ? property.default : value;
  const about = { "aria-describedby": hint ? `${id}-hint` : null, placeholder, wrong };
  const control = html`<${Control} id=${id} property=${property} value=${shown} onChange=${onChange} ...${about} />`;
  if (property.type === "boolean") {
    return html`
      <div class="hy-field" data-field=${name}>
        <label class="hy-switch">${control}<span><b>${title}</b>${hint &&
          html`<div class="hint" id="${id}-hint">${hint}</div>`}</span></label>
        <${Wrong} text=${wrong} />
      </div>
    `;
  }
  const optional = !required && (!property.when || property.nullable) && property.widget !== "secret" &&
    (property.default === "" || property.nullable);
  return html`<${Field} id=${id} name=${name} label=${title} optional=${optional} hint=${hint} wrong=${wrong}>
    ${control}
  </${Field}>`;
}

/** What a field suggests, as the page around it lists them. */
const LISTS = {
  model: "models-known",
  publication: "publications-known",
  block: "blocks-known",
  called: "tools-known",
  source: "sources-known",
};

function Control({ property, value, onChange, wrong, ...rest }) {
  if (property.enum) {
    const options = property.enum.map((one) => [one, say(property.choices?.[one]) || one]);
    return html`<${Select} value=${value} options=${options} onChange=${onChange} ...${rest} />`;
  }
  if (property.type === "boolean") {
    return html`
      <input type="checkbox" role="switch" checked=${Boolean(value)} data-testid=${rest.id}
        onChange=${(event) => onChange(event.target.checked)} ...${rest} />
    `;
  }
  if (property.items?.properties) return html`<${Rows} items=${property.items} value=${value} onChange=${onChange} />`;
  if (property.type === "integer" || property.type === "number") {
    return html`<${NumberInput} property=${property} value=${value} wrong=${wrong} onChange=${onChange} ...${rest} />`;
  }
  if (property.widget === "json") {
    const empty = property.type === "object" ? {} : "";
    return html`<${JsonInput} value=${value ?? empty} empty=${empty} wrong=${wrong} onChange=${onChange} ...${rest} />`;
  }
  if (property.widget === "words") {
    return html`<${Words} value=${value} wrong=${wrong} onChange=${onChange} ...${rest} />`;
  }
  const rows = ["text", "area"].includes(property.widget) ? 2 : 0;
  const secret = property.widget === "secret" || property.format === "password";
  return html`
    <${Input} kind=${secret ? "password" : "text"} rows=${rows} value=${value} wrong=${wrong} onChange=${onChange}
      list=${LISTS[property.widget]} ...${rest} />
  `;
}

/** What was typed stays as it was typed: "1.0" on the way to "1.05" is not written anew as 1. */
function NumberInput({ property, value, onChange, ...rest }) {
  const [typed, setTyped] = useState("");
  const change = (text) => {
    setTyped(text);
    onChange(text === "" ? null : Number(text));
  };
  const shown = typed !== "" && Number(typed) === value ? typed : value;
  return html`
    <${Input} kind="number" step=${property.type === "integer" ? "1" : "any"} min=${property.minimum}
      max=${property.maximum} value=${shown} onChange=${change} ...${rest} />
  `;
}

/** JSON; what is none is a text as it stands there. `empty`: what nothing is. */
export function JsonInput({ value, empty = "", onChange, ...rest }) {
  const [typed, setTyped] = useState(null);
  const change = (text) => {
    setTyped(text);
    onChange(text.trim() ? read(text) : empty);
  };
  const shown = typed !== null && JSON.stringify(typed.trim() ? read(typed) : empty) === JSON.stringify(value)
    ? typed
    : written(value);
  return html`<${Input} kind="text" rows=${1} code value=${shown} onChange=${change} ...${rest} />`;
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function written(value) {
  if (value === "" || JSON.stringify(value) === "{}") return "";
  return typeof value === "string" && read(value) === value ? value : JSON.stringify(value);
}

/** Words in one line, with a comma between them. */
function Words({ value, onChange, ...rest }) {
  const [typed, setTyped] = useState(null);
  const words = (text) => text.split(/[,，、\n]/).map((word) => word.trim()).filter(Boolean);
  const change = (text) => {
    setTyped(text);
    onChange(words(text));
  };
  const shown = typed !== null && words(typed).join() === (value || []).join() ? typed : listed(value || []);
  return html`<${Input} kind="text" value=${shown} onChange=${change} ...${rest} />`;
}

/** A list of forms; one in which nothing stands yet is not among what is told. */
function Rows({ items: schema, value, onChange }) {
  const [rows, setRows] = useState(value || []);
  const [removals, setRemovals] = useState(0); // what is typed in a row goes with it
  const change = (next) => {
    setRows(next);
    onChange(next.filter((row) => Object.values(row).some(Boolean)));
  };
  const remove = (i) => (setRemovals(removals + 1), change(rows.toSpliced(i, 1)));
  return html`<div class="hy-stack tight">
    ${
    rows.map((row, i) =>
      html`
        <div class="hy-list-row" key="${removals} ${i}">
          <${Form} schema=${schema} values=${row} columns onChange=${(next) => change(rows.with(i, next))} />
          <${Button} icon="close" look="quiet icon" title=${t("common.remove")} onClick=${() => remove(i)} />
        </div>
      `
    )
  }
    <div><${Button} label=${t("common.add")} icon="plus" look="quiet" onClick=${() => change([...rows, {}])} /></div>
  </div>`;
}

/** A list of lines that can be added to, changed and removed; `wrong`: what is wrong, by index. */
export function Lines({ items, label, add, most, onChange, wrong = {} }) {
  const root = useRef(null);
  const more = () => {
    onChange([...items, ""]);
    requestAnimationFrame(() => [...root.current.querySelectorAll("input")].at(-1)?.focus());
  };
  return html`<div class="hy-stack tight" ref=${root}>
    ${
    items.map((item, i) =>
      html`
        <div class="hy-field" key=${i}>
          <div class="hy-list-row">
            <${Input} value=${item} wrong=${wrong[i]} aria-label="${label} ${i + 1}" onChange=${(text) =>
              onChange(items.with(i, text))} />
            <${Button} icon="close" look="quiet icon" title=${t("common.remove")} onClick=${() =>
              onChange(items.toSpliced(i, 1))} />
          </div>
          <${Wrong} text=${wrong[i]} />
        </div>
      `
    )
  }
    ${
    items.length < most && html`
      <div>
        <${Button} label=${add} icon="plus" look="quiet" onClick=${more} />
      </div>
    `
  }
  </div>`;
}
