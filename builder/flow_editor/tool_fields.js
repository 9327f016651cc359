/** Tools: cards that open to the tool's own form; one tool with its form. */

import { tile } from "./card.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { sortable } from "./sortable.js";
import { makeTool, withSetting } from "./values.js";

const entries = (editor, run) =>
  Object.entries(editor.tools).map(([type, kind]) => ({
    title: editor.say(kind.title),
    hint: editor.say(kind.hint),
    kind,
    testid: `tool-${type}`,
    run: () => run(type),
  }));

/** The tool's settings as a form; `set(tool)` at each edit. What a model is told of it matters only where one is. */
function settings(tool, set, context, path, wanted = () => true) {
  const fields = (context.editor.tools[tool.type]?.fields ?? []).filter(wanted);
  let now = tool;
  return context.form(fields, tool, (name, value) => {
    now = withSetting(now, fields.find((field) => field.name === name), value);
    set(now);
  }, { ...context, path, compact: true });
}

export function toolsField(field, value, change, context) {
  const { editor, path } = context;
  let added = null; // shown open, since it is what the person wants to set up
  return sortable(editor, value ?? [], change, {
    add: editor.t("add_tool"),
    testid: "tools",
    limit: field.maxItems,
    ask: (append, anchor) =>
      menu(
        editor,
        anchor,
        editor.t("add_tool"),
        entries(editor, (type) =>
          append((tools) => {
            added = makeTool(editor, type, tools.map((tool) => tool.name || tool.type));
            return added;
          })),
      ),
    draw: (tool, set, index) => toolCard(tool, set, { ...context, path: `${path}.${index}` }, tool === added),
  });
}

/** One tool, folded; its form is drawn when it is opened. */
function toolCard(tool, set, context, open) {
  const { editor, path } = context;
  const kind = editor.tools[tool.type];
  const detail = h("small", {}, tool.name || tool.type);
  const body = h("div.fe-tool-body");
  const unfold = () =>
    body.childElementCount || body.append(...settings(
      tool,
      (next) => {
        detail.textContent = next.name || next.type;
        set(next);
      },
      context,
      path,
    ));
  if (open) unfold();
  return h(
    "details.fe-tool-card",
    { open, "data-field": path, ontoggle: unfold },
    h(
      "summary",
      {},
      icon("chevron"),
      tile(kind ?? { icon: "question" }),
      h("span.fe-menu-text", {}, h("span", {}, editor.say(kind?.title) || tool.type), detail),
    ),
    body,
  );
}

export function toolField(field, value, change, context) {
  const { editor, path } = context;
  const box = h("div.fe-one-tool");
  const redraw = (tool) => {
    const kind = editor.tools[tool?.type];
    const choose = (event) =>
      menu(
        editor,
        event.currentTarget,
        editor.say(field.title),
        entries(editor, (type) => {
          const next = makeTool(editor, type, []);
          change(next);
          redraw(next);
        }),
      );
    const picker = h(
      "button.fe-picker",
      { "aria-haspopup": "menu", "data-testid": "tool-pick", onclick: choose },
      tile(kind ?? { icon: "tool" }),
      h(
        "span.fe-menu-text",
        {},
        h("span", {}, editor.say(kind?.title) || tool?.type || editor.t("choose_tool")),
        h("small", {}, editor.say(kind?.hint)),
      ),
      icon("chevron"),
    );
    const body = h("div.fe-tool-body", {}, kind ? settings(tool, change, context, path, (one) => !one.told) : []);
    fill(box, picker, body);
  };
  redraw(value);
  return box;
}
