/** One field of a form: its label, its widget by name or type, its help and its problem. */

import { html, useState } from "preact";
import { useId } from "../static/common/form.js";
import { Input, Select } from "../static/common/field.js";
import { Arguments, besideTool } from "./argument_field.js";
import { Bases, OtherAgent, Published, Shared } from "./base_field.js";
import { Code } from "./code_field.js";
import { Condition } from "./condition_field.js";
import { Model, Models } from "./model_field.js";
import { Prompt } from "./prompt_field.js";
import { Cases, Lines, Pairs, Rows } from "./row_fields.js";
import { icon } from "./dom.js";
import { useTaken } from "./taken.js";
import { Template } from "./template_field.js";
import { Tool, Tools } from "./tool_fields.js";
import { arranged, isWanted } from "./values.js";

/**
 * A widget is a component of {field, value, change, context}; context is {editor, id, path, block(), label, anew}. It holds
 * what was written in it; when the flow changed around it, `anew` is another (see taken.js), or it is made anew.
 */
const WIDGETS = {
  text: LongText,
  code: Code,
  area: (props) => html`<${Template} long ...${props} />`,
  template: Template,
  expression: Condition,
  model: Model,
  models: Models,
  agent: OtherAgent,
  bases: Bases,
  shared: Shared,
  publication: Published,
  prompt: Prompt,
  tool: Tool,
  tools: Tools,
  pairs: Pairs,
  cases: Cases,
  fallback: Fallback,
};

const TYPES = { integer: NumberField, number: NumberField, boolean: Checkbox, array: Lines, object: Pairs };

/** These show what stands in the flow by then, and stay; the others are made anew. */
const FOLLOWING = new Set([
  ...[Text, LongText, Lines, NumberField, Choice, Checkbox, Fallback, Code, Prompt, Template, WIDGETS.area],
]);

const widgetOf = ({ widget, choices, fields, type }) =>
  WIDGETS[widget] ?? (choices ? Choice : fields ? Rows : TYPES[type] ?? Text);

/** `change(value)` is called at each edit. Undefined means: back to the default. */
export function Field({ field, value, change, context, anew = 0 }) {
  const { editor } = context;
  const id = useId("fe-label");
  const path = context.path ? `${context.path}.${field.name}` : field.name;
  const shown = value === undefined && field.widget !== "fallback" ? field.default : value;
  const inner = {
    ...context,
    path,
    labelledby: id,
    form: Fields,
    inside: field.inside,
    sees: field.sees,
    beside: field.widget === "expression" && context.beside,
    anew: `${context.anew ?? ""} ${anew}`,
  };
  const Widget = besideTool(inner, field) ? Arguments : widgetOf(field);
  const widget = html`<${Widget} key=${
    FOLLOWING.has(Widget) ? "" : anew
  } field=${field} value=${shown} change=${change} context=${inner} />`;
  const label = html`<span class="fe-label" id=${id}>${editor.say(field.title)}${
    field.required && html`<span class="fe-required" aria-hidden="true">*</span>`
  }</span>`;
  const hint = editor.say(field.hint);
  return html`<div class="fe-field" role="group" aria-labelledby=${id} data-field=${path} data-testid="field-${path}">
    ${
    field.type === "boolean" || field.widget === "fallback"
      ? html`<label class="fe-switch">${widget}${label}</label>`
      : [label, widget]
  }
    <span class="fe-wrong" role="alert"></span>
    ${hint && html`<span class="fe-hint">${hint}</span>`}
  </div>`;
}

const FILLED = ["description", "name"]; // from another field of theirs

/** A form of several fields over one object; `change(name, value)`. */
export function Fields({ fields, values, change, context }) {
  const wanted = fields.filter((field) => field.widget !== "flow" && isWanted(field, fields, values));
  const [main, more] = arranged(wanted);
  const [open] = useState(more.some(({ name }) => name in values)); // what is set is not hidden
  const draw = (field) =>
    html`
      <${Field} key=${FILLED.includes(field.name) ? `${field.name} ${context.filled}` : field.name} field=${field}
        value=${values[field.name]} context=${context}
        change=${(value) => change(field.name, value)} />
    `;
  return [
    main.map(draw),
    more.length > 0 && html`
      <details key="more" class="fe-more-fields" open=${open}>
        <summary>${icon("chevron")}${context.editor.t("more_settings")}</summary>
        ${more.map(draw)}
      </details>
    `,
  ];
}

const named = ({ labelledby }) => ({ "aria-labelledby": labelledby });

/** Long text taken as it is: no variables. */
function LongText({ value, change, context }) {
  const [text, setText] = useTaken(value ?? "", context.anew);
  const write = (next) => (setText(next), change(next));
  return html`<${Input} class="fe-input fe-area" rows=${8} value=${text} onChange=${write} ...${named(context)} />`;
}

function Text({ value, change, context }) {
  const [text, setText] = useTaken(value ?? "", context.anew);
  const write = (next) => (setText(next), change(next));
  return html`<${Input} class="fe-input" value=${text} onChange=${write} ...${named(context)} />`;
}

function Choice({ field, value, change, context }) {
  const [chosen, setChosen] = useTaken(value, context.anew);
  const choose = (next) => (setChosen(next), change(next));
  const options = field.choices.map((choice) => [choice, context.editor.choice(field, choice)]);
  return html`
    <span class="fe-select">
      <${Select} class="fe-input" value=${chosen} options=${options} onChange=${choose} ...${named(context)} />
    </span>
  `;
}

/** Whether there is another way for when the block fails; it is drawn in the flow. */
function Fallback({ value, change, context }) {
  return html`<${Checkbox} value=${value} change=${(wanted) => change(wanted ? [] : undefined)} context=${context} />`;
}

function Checkbox({ value, change, context }) {
  return html`
    <input type="checkbox" role="switch" checked=${Boolean(value)} ...${named(context)}
      onChange=${(event) => change(event.target.checked)} />
  `;
}

/** A number; one with a small range gets a slider too. Empty is "none" where the setting allows it. */
function NumberField({ field, value, change, context }) {
  const { editor } = context;
  const [text, setText] = useTaken(String(value ?? ""), context.anew);
  const { minimum, maximum } = field;
  const whole = field.type === "integer";
  const step = whole ? 1 : 0.1;
  const write = (next) => {
    setText(next);
    change(next.trim() === "" || !Number.isFinite(Number(next)) ? undefined : Number(next));
  };
  const small = minimum !== undefined && maximum !== undefined && (maximum - minimum) / step <= 20;
  return html`<div class="fe-number-row">
    ${
    small && html`
      <input type="range" min=${minimum} max=${maximum} step=${step} value=${text || minimum}
        aria-label=${editor.say(field.title)} onInput=${(event) => write(event.target.value)} />
    `
  }
    <${Input} kind="number" class="fe-input fe-number" value=${text} min=${minimum} max=${maximum}
      step=${whole ? 1 : "any"} inputmode=${whole ? "numeric" : "decimal"} placeholder=${
    field.nullable ? editor.t("unset") : ""
  }
      onChange=${write} ...${named(context)} />
  </div>`;
}
