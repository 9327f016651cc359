/** Text with variables: an area or a line, and below it the values that may be inserted. */

import { nameOf } from "./card.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { scope } from "./scope.js";

const CHIPS = 4; // shown before "more"

export const areaField = (field, value, change, context) => template(field, value, change, context, true);

export const templateField = (field, value, change, context) => template(field, value, change, context, false);

function template(_field, value, change, context, long) {
  const input = h(long ? "textarea.fe-input.fe-area" : "input.fe-input", {
    value: value ?? "",
    placeholder: context.placeholder,
    "aria-label": context.label,
    spellcheck: "false",
    rows: long ? String(rows(value ?? "", context)) : null,
    oninput: () => change(input.value),
  });
  return h(
    "div.fe-template",
    {},
    input,
    chips(context, (name) => {
      insert(input, `{{ ${name} }}`);
      change(input.value);
    }),
  );
}

const rows = (text, { rows: least = 4 }) => Math.min(12, Math.max(least, text.split("\n").length + 1));

/** Put text at the cursor, over what is selected. */
export function insert(input, text) {
  const { selectionStart: from, selectionEnd: to } = input;
  input.setRangeText(text, from ?? input.value.length, to ?? input.value.length, "end");
  input.focus();
}

/** What the block in `context` may refer to. */
export const visible = ({ editor, id }) => scope(editor.tree, editor.flow, id, editor);

/** "查资料 · 找到的段落": where a value comes from and what it is. */
export function spoken(editor, value) {
  const title = editor.say(value.title);
  return value.block ? `${nameOf(editor, value.block)} · ${title}` : title;
}

function chips(context, pick) {
  const { editor } = context;
  const values = visible(context);
  const shown = context.compact ? [] : values.length > CHIPS + 1 ? values.slice(0, CHIPS) : values;
  const all = (event) =>
    menu(
      editor,
      event.currentTarget,
      editor.t("variables"),
      values.map((value) => ({
        title: spoken(editor, value),
        hint: `{{ ${value.name} }}`,
        kind: value.block && editor.types[value.block.type],
        icon: "code",
        run: () => pick(value.name),
      })),
    );
  return h(
    "div.fe-chips",
    { role: "group", "aria-label": editor.t("variables") },
    shown.map((value) =>
      h("button.fe-chip", {
        class: value.kind,
        title: `{{ ${value.name} }}`,
        "data-testid": `chip-${value.name}`,
        onclick: () => pick(value.name),
      }, spoken(editor, value))
    ),
    shown.length < values.length &&
      h(
        "button.fe-chip.more",
        { "aria-haspopup": "menu", onclick: all },
        context.compact ? editor.t("variables") : editor.t("more_values", { n: values.length - shown.length }),
        icon("chevron"),
      ),
  );
}
