/** Lists: name and template pairs, a branch's cases, rows of fields, plain lines. */

import { conditionField } from "./condition_field.js";
import { h } from "./dom.js";
import { sortable } from "./sortable.js";
import { templateField } from "./template_field.js";
import { blankOf, withSetting } from "./values.js";

/** Name → template. Names of the tool beside it, when it tells them, are offered. */
export function pairsField(_field, value, change, context) {
  const { editor } = context;
  const pairs = Object.entries(value ?? {});
  const save = (rows) => change(Object.fromEntries(rows));
  const list = sortable(editor, pairs, save, {
    add: editor.t("add_pair"),
    testid: "pair",
    blank: (rows) => [nextName(context, rows), ""],
    draw: ([name, template], set) => {
      const row = [name, template];
      const write = (at, next) => {
        row[at] = next;
        set([...row]);
      };
      return [
        h("input.fe-input.fe-name", {
          value: name,
          placeholder: editor.t("pair_name"),
          "aria-label": editor.t("pair_name"),
          spellcheck: "false",
          oninput: (event) => write(0, event.target.value),
        }),
        templateField({}, template, (next) => write(1, next), {
          ...context,
          label: editor.t("pair_value"),
          compact: true,
          placeholder: editor.t("pair_value"),
        }),
      ];
    },
  });
  return list;
}

/** The first argument of the tool beside this field that has no row yet. */
function nextName({ editor, block }, rows) {
  const type = editor.types[block?.().type];
  const beside = type?.fields.find(({ widget }) => widget === "tool");
  const parameters = Object.keys(editor.tools[block?.()[beside?.name]?.type]?.parameters ?? {});
  const taken = rows.map(([name]) => name);
  const free = parameters.find((name) => !taken.includes(name));
  for (let n = rows.length + 1; !free; n++) if (!taken.includes(`value_${n}`)) return `value_${n}`;
  return free;
}

export function casesField(field, value, change, context) {
  const { editor, path } = context;
  const when = field.fields?.find(({ widget }) => widget === "expression") ?? {};
  return sortable(editor, value ?? [], change, {
    add: editor.t("add_case"),
    testid: "case",
    least: field.minItems,
    limit: field.maxItems,
    blank: (cases) => ({ title: editor.t("case", { n: cases.length + 1 }), when: "", flow: [] }),
    draw: (item, set, index) => {
      let now = item;
      const write = (part) => {
        now = { ...now, ...part };
        set(now);
      };
      return h(
        "div.fe-case-row",
        { "data-field": `${path}.${index}` },
        h("input.fe-input.strong", {
          value: item.title ?? "",
          placeholder: editor.t("case_title"),
          "aria-label": editor.t("case_title"),
          oninput: (event) => write({ title: event.target.value }),
        }),
        h(
          "div",
          { "data-field": `${path}.${index}.when` },
          conditionField(when, item.when, (next) => write({ when: next }), context),
          h("span.fe-wrong", { role: "alert" }),
        ),
      );
    },
  });
}

/** A nested object, or a list of them: each item is a form of its own. */
export function rowsField(field, value, change, context) {
  const item = (object, set, path) => {
    let now = object ?? {};
    return context.form(field.fields, now, (name, next) => {
      now = withSetting(now, field.fields.find((inner) => inner.name === name), next);
      set(now);
    }, { ...context, path, compact: true });
  };
  if (field.type === "object") return h("div.fe-nested", {}, item(value, change, context.path));
  const { editor, path } = context;
  const required = field.fields.filter((inner) => inner.required);
  return sortable(editor, value ?? [], change, {
    add: editor.t("add_row"),
    limit: field.maxItems,
    least: field.minItems,
    blank: () => Object.fromEntries(required.map((inner) => [inner.name, blankOf(inner, editor)])),
    draw: (object, set, index) => item(object, set, `${path}.${index}`),
  });
}

export function linesField(field, value, change, { editor }) {
  return sortable(editor, value ?? [], change, {
    add: editor.t("add_row"),
    blank: () => "",
    limit: field.maxItems,
    least: field.minItems,
    draw: (text, set) =>
      h("input.fe-input", {
        value: text,
        "aria-label": editor.say(field.title),
        oninput: (event) => set(event.target.value),
      }),
  });
}
