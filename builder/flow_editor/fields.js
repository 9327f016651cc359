/** One field of a form: its label, its widget by name or type, its help and its problem. */

import { conditionField } from "./condition_field.js";
import { h, unique } from "./dom.js";
import { modelField, modelsField } from "./model_field.js";
import { promptField } from "./prompt_field.js";
import { casesField, linesField, pairsField, rowsField } from "./row_fields.js";
import { areaField, templateField } from "./template_field.js";
import { toolField, toolsField } from "./tool_fields.js";

/** A widget is (field, value, change, context) → element; context is {editor, id, path, block(), form}. */
const WIDGETS = {
  text: longTextField,
  area: areaField,
  template: templateField,
  expression: conditionField,
  model: modelField,
  models: modelsField,
  prompt: promptField,
  tool: toolField,
  tools: toolsField,
  pairs: pairsField,
  cases: casesField,
};

const TYPES = {
  integer: numberField,
  number: numberField,
  boolean: checkboxField,
  array: linesField,
  object: pairsField,
};

const widgetOf = ({ widget, choices, fields, type }) =>
  WIDGETS[widget] ?? (choices ? selectField : fields ? rowsField : TYPES[type] ?? textField);

/** The field drawn; `change(value)` is called at each edit. Undefined means: back to the default. */
export function drawField(field, value, change, context) {
  const { editor } = context;
  const path = context.path ? `${context.path}.${field.name}` : field.name;
  const shown = value === undefined ? field.default : value;
  const widget = widgetOf(field)(field, shown, change, { ...context, path, form });
  const label = h(
    "span.fe-label",
    { id: unique() },
    editor.say(field.title),
    field.required && h("span.fe-required", { "aria-hidden": "true" }, "*"),
  );
  const hint = editor.say(field.hint);
  const box = h(
    "div.fe-field",
    { role: "group", "aria-labelledby": label.id, "data-field": path, "data-testid": `field-${path}` },
    field.type === "boolean" ? h("label.fe-switch", {}, widget, label) : [label, widget],
    h("span.fe-wrong", { role: "alert", id: unique() }),
    hint && h("span.fe-hint", {}, hint),
  );
  const input = box.querySelector("input, textarea, select");
  if (input && !input.getAttribute("aria-label")) input.setAttribute("aria-labelledby", label.id);
  return box;
}

/** Long text taken as it is: no variables. */
function longTextField(_field, value, change) {
  const input = h("textarea.fe-input.fe-area", {
    value: value ?? "",
    rows: "8",
    oninput: () => change(input.value),
  });
  return input;
}

/** A form of several fields over one object; `change(name, value)`. */
export const form = (fields, values, change, context) =>
  fields.map((field) => drawField(field, values[field.name], (value) => change(field.name, value), context));

function textField(_field, value, change) {
  return h("input.fe-input", {
    type: "text",
    value: value ?? "",
    oninput: (event) => change(event.target.value),
  });
}

function selectField(field, value, change, { editor }) {
  const options = field.choices.map((choice) =>
    h("option", { value: choice, selected: choice === value }, editor.choice(field, choice))
  );
  return h("span.fe-select", {}, h("select.fe-input", { onchange: (event) => change(event.target.value) }, options));
}

function checkboxField(_field, value, change) {
  return h("input", {
    type: "checkbox",
    role: "switch",
    checked: Boolean(value),
    onchange: (event) => change(event.target.checked),
  });
}

/** A number; one with a small range gets a slider too. Empty is "none" where the setting allows it. */
function numberField(field, value, change, { editor }) {
  const whole = field.type === "integer";
  const { minimum, maximum } = field;
  const step = whole ? 1 : 0.1;
  const read = (text) => (text.trim() === "" || !Number.isFinite(Number(text)) ? undefined : Number(text));
  const set = (next) => change(next === undefined && field.nullable ? undefined : next);
  const input = h("input.fe-input.fe-number", {
    type: "number",
    value: value ?? "",
    min: minimum,
    max: maximum,
    step: whole ? 1 : "any",
    inputmode: whole ? "numeric" : "decimal",
    placeholder: field.nullable ? editor.t("unset") : "",
    oninput: () => {
      set(read(input.value));
      if (slider) slider.value = input.value || String(minimum);
    },
  });
  const small = minimum !== undefined && maximum !== undefined && (maximum - minimum) / step <= 20;
  const slider = small && h("input", {
    type: "range",
    min: minimum,
    max: maximum,
    step,
    value: value ?? minimum,
    "aria-label": editor.say(field.title),
    oninput: () => {
      input.value = slider.value;
      set(Number(slider.value));
    },
  });
  if (slider) slider.value = value ?? minimum; // after min, max and step
  return h("div.fe-number-row", {}, slider, input);
}
