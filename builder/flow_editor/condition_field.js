/** A condition: rows that a person reads, which write the Jinja expression; or the expression itself. */

import { fill, h } from "./dom.js";
import { alone, comparisons, parse, write } from "./expression.js";
import { icon } from "./icons.js";
import { spoken, visible } from "./template_field.js";

export function conditionField(_field, value, change, context) {
  const { editor } = context;
  const box = h("div.fe-condition");
  let source = value ?? "";
  let free = parse(source) === null;
  const set = (next) => {
    source = next;
    change(next);
  };
  const redraw = () => {
    const parsed = parse(source);
    const rows = parsed && !free;
    fill(
      box,
      rows ? helper(context, parsed, set, redraw) : h("textarea.fe-input.fe-code", {
        value: source,
        rows: "2",
        spellcheck: "false",
        placeholder: "'…' in message.text",
        "aria-label": editor.t("expression"),
        oninput: (event) => {
          set(event.target.value);
          allow(parse(source));
        },
      }),
      toggle,
    );
    toggle.textContent = editor.t(rows ? "write_expression" : "use_rows");
    allow(parsed);
  };
  const allow = (parsed) => {
    toggle.disabled = !parsed;
    toggle.title = parsed ? "" : editor.t("use_rows_not");
  };
  const toggle = h("button.fe-link", {
    "data-testid": "condition-mode",
    onclick: () => {
      free = !free;
      redraw();
    },
  });
  redraw();
  return box;
}

const BLANK = { name: "message.text", is: "contains", text: "" };

function helper(context, parsed, set, redraw) {
  const { editor } = context;
  let now = parsed.rows.length ? parsed : { join: "and", rows: [BLANK] };
  const save = (part, again = true) => {
    now = { ...now, ...part };
    set(write(now));
    if (again) redraw();
  };
  const replace = (index, part, again) => save({ rows: now.rows.with(index, { ...now.rows[index], ...part }) }, again);
  return [
    now.rows.map((row, index) => [
      index > 0 && h("button.fe-join", {
        title: editor.t("switch_join"),
        onclick: () => save({ join: now.join === "and" ? "or" : "and" }),
      }, editor.t(now.join)),
      conditionRow(
        context,
        row,
        (part, again = false) => replace(index, part, again),
        now.rows.length > 1 && (() => save({ rows: now.rows.toSpliced(index, 1) })),
      ),
    ]),
    h(
      "button.fe-link",
      { "data-testid": "condition-add", onclick: () => save({ rows: [...now.rows, BLANK] }) },
      icon("plus"),
      editor.t("add_condition"),
    ),
  ];
}

function conditionRow(context, row, change, remove) {
  const { editor } = context;
  const known = visible(context);
  const names = known.some((value) => value.name === row.name)
    ? known
    : [{ name: row.name, title: row.name }, ...known];
  return h(
    "div.fe-condition-row",
    {},
    choice(
      editor.t("condition_value"),
      names.map((value) => [value.name, spoken(editor, value)]),
      row.name,
      (name) => change({ name }),
    ),
    choice(
      editor.t("condition_is"),
      comparisons.map((name) => [name, editor.t(`is_${name}`)]),
      row.is,
      (is) => change({ is }, true),
    ),
    !alone.has(row.is) && h("input.fe-input", {
      value: row.text,
      placeholder: editor.t("condition_text"),
      "aria-label": editor.t("condition_text"),
      oninput: (event) => change({ text: event.target.value }),
    }),
    remove &&
      h(
        "button.fe-ghosted",
        { title: editor.t("remove"), "aria-label": editor.t("remove"), onclick: remove },
        icon("close"),
      ),
  );
}

function choice(label, options, value, change) {
  return h(
    "span.fe-select",
    {},
    h(
      "select.fe-input",
      { "aria-label": label, onchange: (event) => change(event.target.value) },
      options.map(([name, title]) => h("option", { value: name, selected: name === value }, title)),
    ),
  );
}
