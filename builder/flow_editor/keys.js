/** The keyboard: one table of what each key does, which the help is made of too. */

import { tell } from "../static/common/shortcuts.js";
import { ZOOM } from "./canvas.js";
import { clipboardEvent } from "./clipboard.js";
import { shift, walk } from "./moving.js";
import { openSearch } from "./search.js";
import { mainOf } from "./view.js";

const ctrl = (event) => (event.ctrlKey || event.metaKey) && !event.altKey;
const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey;
const key = (event, ...names) => names.includes(event.key.toLowerCase());
const arrow = (event) => event.key.startsWith("Arrow");
const upOrDown = (event) => key(event, "arrowup", "arrowdown");

/**
 * `does`: the text that says it; `at`: "card" on a block, "flow" anywhere over the flow, "editor" in the form as well;
 * `edits`: not where nothing may be changed. What has no `is` is done by the browser's own events.
 * @type {any[]}
 */
export const SHORTCUTS = [
  { keys: "↑ ↓ ← →", does: "walk", at: "card", is: (e) => arrow(e) && plain(e) && !e.shiftKey, run: stepTo },
  { keys: "Enter", does: "enter", at: "card" },
  { keys: "Alt + ↑ ↓ ← →", does: "move", at: "card", edits: true, is: (e) => e.altKey && arrow(e), run: moved },
  { keys: "Shift + ↑ ↓", does: "mark", at: "card", is: (e) => plain(e) && e.shiftKey && upOrDown(e), run: marked },
  { keys: "Ctrl + A", does: "mark_all", at: "card", is: (e) => ctrl(e) && key(e, "a"), run: all },
  { keys: "Ctrl + C / X / V", does: "copy", at: "card" },
  {
    keys: "Ctrl + D",
    does: "duplicate",
    at: "card",
    edits: true,
    is: (e) => ctrl(e) && key(e, "d"),
    run: byId("duplicate"),
  },
  { keys: "D", does: "toggle", at: "card", edits: true, is: (e) => plain(e) && key(e, "d"), run: byId("toggle") },
  { keys: "R", does: "run", at: "card", edits: true, is: (e) => plain(e) && key(e, "r"), run: byId("runBlock") },
  {
    keys: "Delete",
    does: "delete",
    at: "card",
    edits: true,
    is: (e) => key(e, "delete", "backspace"),
    run: byId("remove"),
  },
  {
    keys: "Ctrl + Z",
    does: "undo",
    at: "editor",
    is: (e) => ctrl(e) && !e.shiftKey && key(e, "z"),
    run: (one) => one.undo(),
  },
  {
    keys: "Ctrl + Shift + Z",
    does: "redo",
    at: "editor",
    is: (e) => ctrl(e) && (key(e, "y") || (e.shiftKey && key(e, "z"))),
    run: (one) => one.redo(),
  },
  { keys: "Ctrl + F", does: "search", at: "flow", is: (e) => ctrl(e) && key(e, "f"), run: openSearch },
  { keys: "Ctrl + + / − / 0", does: "zoom", at: "flow", is: (e) => ctrl(e) && key(e, "+", "=", "-", "0"), run: zoom },
  {
    keys: "Shift + 1",
    does: "fit",
    at: "flow",
    is: (e) => plain(e) && e.shiftKey && e.code === "Digit1",
    run: (one) => one.fit(),
  },
  { keys: "Esc", does: "escape", at: "editor", is: (e) => key(e, "escape"), run: escape },
];

export function keys(editor, signal) {
  editor.shortcuts = SHORTCUTS;
  tell("build", SHORTCUTS.map((one) => ({ keys: one.keys, says: () => editor.t(`keys_${one.does}`) })));
  editor.root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    const id = event.target.matches(".fe-main") && event.target.closest(".fe-card")?.dataset.id;
    const fits = ({ at, edits, is }) =>
      is?.(event) && !(edits && editor.readonly) &&
      (at === "editor" || (at === "card" ? id : editor.middle.contains(event.target)));
    const found = SHORTCUTS.find(fits);
    if (found && found.run(editor, event, id) !== false) event.preventDefault();
  }, { signal });
  for (const name of ["copy", "cut", "paste"]) {
    document.addEventListener(name, (event) => clipboardEvent(editor, event), { signal });
  }
}

function byId(action) {
  return (editor, _event, id) => editor[action](id);
}

function stepTo(editor, event) {
  walk(editor, event.target, event.key);
}

function moved(editor, event, id) {
  shift(editor, id, event.key);
}

function marked(editor, event, id) {
  editor.markOn(id, event.key === "ArrowDown" ? 1 : -1);
}

function all(editor) {
  editor.markAll(editor.flow.map(({ id }) => id));
}

function zoom(editor, event) {
  if (editor.view !== "flow") return false;
  const step = { "-": -ZOOM.step, "+": ZOOM.step, "=": ZOOM.step }[event.key];
  editor.zoomTo(step ? editor.zoom + step : 1);
}

function escape(editor, event) {
  const id = editor.selected || editor.marks.at(-1);
  if (!id || event.target.closest("[popover]")) return false;
  editor.select("");
  mainOf(editor.world, id)?.focus();
}
