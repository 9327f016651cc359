/** The bar over the flow: view, undo and redo, problems, zoom. */

import { html } from "preact";
import { ZOOM } from "./canvas.js";
import { nameOf } from "./card.js";
import { fill, h, icon } from "./dom.js";
import { spokenKeys } from "./keys.js";
import { menu } from "./menu.js";
import { openSearch, Search } from "./search.js";

export function toolbar(editor, bar) {
  fill(
    bar,
    h("div.fe-group", { role: "group", "aria-label": editor.t("view") }, view(editor, "flow"), view(editor, "list")),
    !editor.readonly && h("div.fe-group", {}, travels(editor)),
    editor.view === "flow" && h(
      "div.fe-group.fe-zoom",
      {},
      button(editor, "zoom_out", { icon: "minus", keys: "Ctrl+−", run: () => editor.zoomTo(editor.zoom - ZOOM.step) }),
      h("button.fe-tool.fe-percent", {
        ...named(editor, "zoom_reset", "Ctrl+0"),
        onclick: () => editor.zoomTo(1),
      }, `${Math.round(editor.zoom * 100)}%`),
      button(editor, "zoom_in", {
        icon: "plus",
        keys: "Ctrl++",
        run: () => editor.zoomTo(editor.zoom + ZOOM.step),
      }),
      button(editor, "fit", { keys: "Shift+1", run: () => editor.fit() }),
    ),
    editor.search ? html`<${Search} key="search" editor=${editor} />` : h(
      "div.fe-group",
      { key: "find" },
      button(editor, "search_flow", { icon: "search", keys: "Ctrl+F", run: () => openSearch(editor) }),
    ),
    marked(editor),
    editor.alarm && problemsButton(editor),
    editor.narrow && !editor.readonly && h(
      "button.fe-button.primary.fe-add-here",
      {
        "aria-keyshortcuts": "A",
        "data-testid": "bar-add",
        onclick: (event) => editor.addMenu(null, null, event.currentTarget),
      },
      icon("plus"),
      editor.t("add"),
    ),
  );
}

/** Back and on, through the steps of this page, then those that are kept elsewhere. */
const travels = (editor) => [
  button(editor, "undo", {
    disabled: !editor.canUndo && !editor.beyond,
    keys: "Ctrl+Z",
    run: () => editor.undo(),
  }),
  button(editor, "redo", {
    disabled: !editor.canRedo && !(editor.beyond && editor.ahead),
    keys: "Ctrl+Shift+Z",
    run: () => editor.redo(),
  }),
];

/** What is done to all that are marked. */
function marked(editor) {
  const { marks } = editor;
  if (!marks.length) return null;
  const at = marks[0];
  const isOff = marks.every((id) => editor.tree.find(editor.flow, id).block.disabled);
  const change = [
    button(editor, "cut", { icon: "scissors", keys: "Ctrl+X", run: () => editor.cut(at) }),
    button(editor, "duplicate", { icon: "plus", keys: "Ctrl+D", run: () => editor.duplicate(at) }),
    button(editor, isOff ? "switch_on" : "switch_off", {
      icon: isOff ? "play" : "pause",
      keys: "D",
      run: () => editor.toggle(at),
    }),
    button(editor, "delete", { icon: "trash", keys: "Del", run: () => editor.remove(at) }),
  ];
  return h(
    "div.fe-group.fe-marked",
    { key: "marked", role: "group", "data-testid": "marked" },
    h("span", {}, editor.t("marked", { n: marks.length })),
    button(editor, "copy", { keys: "Ctrl+C", run: () => editor.copy(at) }),
    editor.readonly ? null : change,
    button(editor, "close", { keys: "Esc", run: () => editor.select("") }),
  );
}

/** What it is called, and by which key it is done without it. */
const named = (editor, name, keys) => ({
  title: editor.t("with_keys", { name: editor.t(name), keys }),
  "aria-label": editor.t(name),
  "aria-keyshortcuts": spokenKeys(keys),
});

function view(editor, name) {
  return h(
    "button.fe-tool",
    {
      ...named(editor, name, "V"),
      class: editor.view === name ? "on" : "",
      "aria-pressed": String(editor.view === name),
      "data-testid": `bar-${name}`,
      onclick: () => editor.show(name),
    },
    icon(name),
    h("span", {}, editor.t(name)),
  );
}

function button(editor, name, { run, keys, disabled = false, icon: drawn = name }) {
  return h("button.fe-tool", {
    ...named(editor, name, keys),
    disabled,
    "data-testid": `bar-${name}`,
    onclick: run,
  }, icon(drawn));
}

function problemsButton(editor) {
  const wrong = editor.problems;
  if (!wrong.length) return null;
  return h(
    "button.fe-tool.fe-alarm",
    {
      "aria-haspopup": "menu",
      "aria-keyshortcuts": "F8",
      "data-testid": "bar-problems",
      class: wrong.some((p) => p.level === "error") ? "error" : "",
      onclick: (event) =>
        menu(editor, event.currentTarget, editor.t("problems_title"), wrong.map((problem) => entry(editor, problem))),
    },
    icon("warning"),
    h("span", {}, editor.t("problems", { n: wrong.length })),
  );
}

function entry(editor, problem) {
  const block = editor.tree.find(editor.flow, problem.id)?.block;
  return {
    title: editor.say(problem.text),
    hint: block ? nameOf(editor, block) : problem.field,
    kind: editor.types[block?.type],
    icon: "warning",
    run: () => block && editor.select(block.id, { open: true, field: problem.field, reveal: true }),
  };
}
