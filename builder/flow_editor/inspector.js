/** The form of the selected block: a panel at the side, a sheet from below on phones. */

import { nameOf, tile } from "./card.js";
import { fill, h, unique } from "./dom.js";
import { drawField } from "./fields.js";
import { icon } from "./icons.js";
import { outputsOf } from "./scope.js";
import { rename } from "./tree.js";
import { withSetting } from "./values.js";

const SIMPLE = 5; // settings up to which none is tucked away

/** Fill the panel for the selected block, or with what to do next. */
export function inspect(editor, panel) {
  const block = editor.tree.find(editor.flow, editor.selected)?.block;
  panel.classList.toggle("empty", !block);
  if (!block) return fill(panel, guide(editor));
  const kind = editor.types[block.type];
  const context = { editor, id: block.id, path: "", block: () => editor.tree.find(editor.flow, editor.selected).block };
  const inputs = (kind?.fields ?? []).filter(({ name, widget }) =>
    !["id", "title"].includes(name) && widget !== "flow"
  );
  const [main, more] = arranged(inputs);
  const draw = (field) =>
    drawField(field, block[field.name], (value) => {
      const now = context.block();
      editor.change(now.id, withSetting(now, field, value), `${now.id}.${field.name}`);
    }, context);
  fill(
    panel,
    header(editor, block, kind, context),
    h(
      "fieldset.fe-form",
      { disabled: editor.readonly },
      kind ? main.map(draw) : h("p.fe-note", {}, editor.t("unknown_type", { type: block.type })),
      h(
        "details.fe-more-fields",
        {},
        h("summary", {}, icon("chevron"), editor.t("more_settings")),
        more.map(draw),
        idField(editor, block, context),
      ),
    ),
    results(editor, block),
  );
  showProblems(editor, panel);
}

/** What people set each time, and what they seldom touch: switches, numbers and lists of a long form. */
function arranged(fields) {
  if (fields.length <= SIMPLE) return [fields, []];
  const seldom = ({ required, widget, type }) =>
    !required && (widget === "models" || (widget === "" && ["boolean", "integer", "number"].includes(type)));
  return [fields.filter((field) => !seldom(field)), fields.filter(seldom)];
}

function header(editor, block, kind, context) {
  const typeName = editor.say(kind?.title) || block.type;
  return h(
    "header.fe-panel-head",
    {},
    tile(kind ?? { icon: "question" }),
    h(
      "div.fe-panel-title",
      {},
      h("input.fe-title", {
        value: block.title ?? "",
        placeholder: typeName,
        "aria-label": editor.t("title"),
        disabled: editor.readonly,
        "data-testid": "title",
        oninput: (event) => {
          const { title: _, ...rest } = context.block();
          const { type, id, ...others } = rest;
          const title = event.target.value;
          editor.change(id, title ? { type, id, title, ...others } : rest, `${id}.title`);
        },
      }),
      h("small", {}, editor.say(kind?.hint) || typeName),
    ),
    h("button.fe-ghosted", {
      title: editor.t("more"),
      "aria-label": editor.t("more_of", { name: nameOf(editor, block) }),
      "aria-haspopup": "menu",
      onclick: (event) => editor.blockMenu(context.block().id, event.currentTarget),
      hidden: editor.readonly,
    }, icon("more")),
    h("button.fe-ghosted", {
      title: editor.t("close"),
      "aria-label": editor.t("close"),
      "data-testid": "close",
      onclick: () => editor.select(""),
    }, icon("close")),
  );
}

/** The id, checked before it is taken; references in the whole flow follow. */
function idField(editor, block, context) {
  const wrong = h("span.fe-wrong", { role: "alert" });
  const label = h("span.fe-label", { id: unique() }, editor.t("id"));
  const take = (event) => {
    const to = event.target.value.trim();
    const from = context.block().id;
    wrong.textContent = to === from ? "" : refusal(editor, to);
    if (to !== from && !wrong.textContent) {
      editor.replace(rename(editor.tree, editor.flow, from, to), "rename", to);
      context.id = to;
    }
  };
  return h(
    "div.fe-field",
    { "data-field": "id", "data-testid": "field-id" },
    label,
    h("input.fe-input.fe-code", { value: block.id, "aria-labelledby": label.id, spellcheck: "false", onchange: take }),
    wrong,
    h("span.fe-hint", {}, editor.t("id_hint")),
  );
}

function refusal(editor, id) {
  if (!/^[a-z_][a-z0-9_]{0,63}$/.test(id)) return editor.t("id_form");
  return editor.taken().includes(id) ? editor.t("id_taken", { id }) : "";
}

/** What later blocks may use of this one. */
function results(editor, block) {
  const outputs = editor.types[block.type]?.ends ? [] : Object.entries(outputsOf(block, editor.types));
  return outputs.length > 0 &&
    h(
      "section.fe-results",
      {},
      h("h3.fe-heading", {}, editor.t("results")),
      outputs.map(([key, title]) =>
        h("div.fe-result-row", {}, h("code", {}, `{{ ${block.id}.${key} }}`), h("span", {}, editor.say(title)))
      ),
    );
}

function guide(editor) {
  return h(
    "div.fe-guide",
    {},
    icon("flow"),
    h("strong", {}, editor.t("guide_title")),
    h("p", {}, editor.t("guide_hint")),
    h(
      "dl.fe-keys",
      {},
      ["move", "walk", "delete", "duplicate", "undo"].map((
        name,
      ) => [h("dt", {}, h("kbd", {}, editor.t(`key_${name}`))), h("dd", {}, editor.t(`keys_${name}`))]),
    ),
  );
}

/** Write each problem under the field it belongs to. */
export function showProblems(editor, panel) {
  for (const node of panel.querySelectorAll(".fe-bad")) node.classList.remove("fe-bad");
  for (const node of panel.querySelectorAll(".fe-wrong")) node.textContent = "";
  for (const problem of editor.problems.filter(({ id }) => id === editor.selected)) {
    const box = fieldOf(panel, problem.field);
    const place = [...(box?.querySelectorAll(".fe-wrong") ?? [])].find((node) => node.closest("[data-field]") === box);
    if (!place) continue;
    place.textContent = editor.say(problem.text);
    box.classList.add("fe-bad");
  }
}

/** The innermost drawn field whose path starts the given one. */
export function fieldOf(panel, path) {
  const starts = (name) => path === name || path.startsWith(`${name}.`);
  const found = [...panel.querySelectorAll("[data-field]")].filter((node) => starts(node.dataset.field));
  return found.sort((a, b) => b.dataset.field.length - a.dataset.field.length)[0];
}
