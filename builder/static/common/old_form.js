// A form from a JSON schema: label, hint, error and the fitting control for each field.

import { button, h, icon } from "./dom.js";
import { lang, t } from "./texts.js";

let count = 0;

/** Labels of a schema's property in the reader's language. */
const told = (property) => (lang === "zh" && property.zh) || property;

/** The one real type of a property that may also be null, or a reference. */
function resolved(property, schema) {
  const open = property.$ref || property.allOf?.[0]?.$ref;
  const found = open ? { ...schema.$defs[open.split("/").pop()], ...property } : property;
  const inner = found.anyOf?.find((one) => one.type !== "null");
  return inner
    ? { ...found, ...inner, title: found.title, zh: found.zh, description: found.description, nullable: true }
    : found;
}

function control(property, value, id, changed) {
  const attributes = { id, class: "hy-input", "data-testid": id };
  if (property.enum) {
    const node = h(
      "select",
      { ...attributes, onchange: () => changed(node.value) },
      property.enum.map((one) =>
        h(
          "option",
          { value: one, selected: one === value },
          t(`choice.${one}`) === `choice.${one}` ? one : t(`choice.${one}`),
        )
      ),
    );
    return node;
  }
  if (property.type === "boolean") {
    const node = h("input", {
      id,
      type: "checkbox",
      role: "switch",
      checked: Boolean(value),
      "data-testid": id,
      onchange: () => changed(node.checked),
    });
    return node;
  }
  if (property.type === "integer" || property.type === "number") {
    const step = property.type === "integer" ? "1" : "any";
    const node = h("input", {
      ...attributes,
      type: "number",
      step,
      min: property.minimum,
      max: property.maximum,
      oninput: () => changed(node.value === "" ? null : Number(node.value)),
    });
    node.value = value ?? "";
    return node;
  }
  const area = ["text", "area"].includes(property.widget);
  const secret = property.widget === "secret" || property.format === "password";
  const node = h(area ? "textarea" : "input", {
    ...attributes,
    type: area ? null : secret ? "password" : "text",
    rows: area ? 2 : null,
    autocomplete: secret ? "new-password" : "off",
    spellcheck: area ? null : "false",
    oninput: () => changed(node.value),
  });
  node.value = value ?? "";
  return node;
}

function field(name, property, value, { required, prefix, onchange, placeholder }) {
  const id = `${prefix}-${name}`;
  const words = told(property);
  const node = control(property, value, id, onchange);
  if (placeholder) node.setAttribute("placeholder", placeholder);
  const hint = words.description && h("div", { class: "hint", id: `${id}-hint` }, words.description);
  if (hint) node.setAttribute("aria-describedby", `${id}-hint`);
  const wrong = under(node);
  const title = words.title || name;
  const label = property.type === "boolean"
    ? h("label", { class: "hy-switch" }, node, h("span", {}, h("b", {}, title), hint))
    : [
      h(
        "label",
        { for: id },
        title,
        !required && property.optional && h("span", { class: "optional" }, t("common.optional")),
      ),
      node,
      hint,
    ];
  const root = h("div", { class: "hy-field", "data-field": name }, label, wrong.root);
  return {
    root,
    complain(text, { focus = true } = {}) {
      wrong.say(text);
      if (text && focus) node.focus();
    },
  };
}

/**
 * Fields of `schema` for `values`; `only` chooses and orders them. `onchange(values, name)` after each change.
 * Returns {root, values, clear(), complain(field, text), mark(field, text)}, which says whether there is such a field; `placeholders` by name, e.g. for a secret that is set already.
 */
export function form(schema, values, { only, onchange = () => {}, placeholders = {}, columns = false } = {}) {
  const prefix = `f${++count}`;
  const now = { ...values };
  const fields = {};
  const names = only || Object.keys(schema.properties);
  for (const name of names) {
    const property = resolved(schema.properties[name], schema);
    if (!(name in now) && property.default !== undefined) now[name] = property.default;
    const required = (schema.required || []).includes(name);
    fields[name] = field(
      name,
      {
        ...property,
        optional: property.widget !== "secret" && (property.default === "" || property.nullable),
      },
      now[name],
      {
        required,
        prefix,
        placeholder: placeholders[name],
        onchange: (value) => ((now[name] = value), fields[name].complain(""), onchange(now, name)),
      },
    );
  }
  const tell = (name, text, focus) => Boolean(fields[name]) && (fields[name].complain(text, { focus }), true);
  const root = h("div", { class: `hy-form${columns ? " two" : ""}` }, names.map((name) => fields[name].root));
  return {
    root,
    values: now,
    complain: (name, text) => tell(name, text, true),
    mark: (name, text) => tell(name, text, false),
    clear: () => names.forEach((name) => fields[name].complain("")),
  };
}

/** A list of lines that can be added to, changed and removed. */
export function lines(items, { label, add, most, onchange }) {
  const now = [...items];
  const root = h("div", { class: "hy-stack tight" });
  const wrong = [];
  const draw = () => {
    wrong.length = 0;
    const rows = now.map((item, i) => {
      const input = h("input", {
        type: "text",
        class: "hy-input",
        "aria-label": `${label} ${i + 1}`,
        oninput: () => ((now[i] = input.value), onchange([...now])),
      });
      input.value = item;
      wrong.push(under(input));
      return h(
        "div",
        { class: "hy-field" },
        h(
          "div",
          { class: "hy-list-row" },
          input,
          button("", {
            name: "close",
            look: "quiet icon",
            title: t("common.remove"),
            onclick: () => (now.splice(i, 1), onchange([...now]), draw()),
          }),
        ),
        wrong[i].root,
      );
    });
    const more = now.length < most &&
      h(
        "div",
        {},
        button(add, {
          name: "plus",
          look: "quiet",
          onclick: () => (now.push(""), draw(), root.querySelectorAll("input")[now.length - 1].focus()),
        }),
      );
    root.replaceChildren(...rows, ...(more ? [more] : []));
  };
  draw();
  return { root, clear: () => wrong.forEach((one) => one.say("")), mark: (i, text) => wrong[i]?.say(text) };
}

/** The place under an input where it is said what is wrong with it. */
export function under(input) {
  const root = h("div", { class: "wrong", hidden: true, role: "alert" });
  const say = (text) => {
    root.hidden = !text;
    root.replaceChildren(...(text ? [icon("warn", 14), text] : []));
    input.setAttribute("aria-invalid", String(Boolean(text)));
  };
  return { root, say };
}
