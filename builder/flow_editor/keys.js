/** The keyboard: one table of what each key does, which the help is made of too. */

import { tell } from "../static/common/shortcuts.js";
import { ZOOM } from "./canvas.js";
import { clipboardEvent, typing } from "./clipboard.js";
import { shift, walk } from "./moving.js";
import { openSearch } from "./search.js";
import { mainOf } from "./view.js";

const ctrl = (event) => (event.ctrlKey || event.metaKey) && !event.altKey;
const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey;
const key = (event, ...names) => names.includes(event.key.toLowerCase());
const letter = (event, ...names) => plain(event) && !event.shiftKey && key(event, ...names);
const arrow = (event) => event.key.startsWith("Arrow");
const isMenu = (event) => key(event, "contextmenu") || (plain(event) && event.shiftKey && key(event, "f10"));
const upOrDown = (event) => key(event, "arrowup", "arrowdown");

/**
 * `does`: the text that says it; `at`: "card" on a block, "flow" anywhere over the flow, "editor" in the form as well;
 * `edits`: not where nothing may be changed. What has no `is` is done by the browser's own events.
 * @type {any[]}
 */
export const SHORTCUTS = [
  { keys: "↑ ↓ ← →", does: "walk", at: "card", is: (e) => arrow(e) && plain(e) && !e.shiftKey, run: stepTo },
  { keys: "Enter", does: "enter", at: "card" },
  { keys: "A", does: "add", at: "flow", edits: true, is: (e) => letter(e, "a"), run: addAfter },
  { keys: "F2", does: "name", at: "card", edits: true, is: (e) => key(e, "f2"), run: name },
  { keys: "Shift + F10", does: "menu", at: "card", is: isMenu, run: openMenuOf },
  { keys: "Alt + ↑ ↓ ← →", does: "move", at: "card", edits: true, is: (e) => e.altKey && arrow(e), run: moved },
  { keys: "Shift + ↑ ↓", does: "mark", at: "card", is: (e) => plain(e) && e.shiftKey && upOrDown(e), run: marked },
  { keys: "M", does: "mark_one", at: "card", is: (e) => letter(e, "m"), run: byId("markOne") },
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
  { keys: "D", does: "toggle", at: "card", edits: true, is: (e) => letter(e, "d"), run: byId("toggle") },
  { keys: "R", does: "run", at: "card", edits: true, is: (e) => letter(e, "r"), run: byId("runBlock") },
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
  { keys: "F8", does: "problem", at: "editor", is: (e) => key(e, "f8"), run: nextProblem },
  { keys: "[ / ]", does: "round", at: "flow", is: (e) => letter(e, "[", "]"), run: roundBeside },
  { keys: "V", does: "view", at: "flow", is: (e) => letter(e, "v"), run: otherView },
  { keys: "Ctrl + + / − / 0", does: "zoom", at: "flow", is: (e) => ctrl(e) && key(e, "+", "=", "-", "0"), run: zoom },
  {
    keys: "Shift + 1",
    does: "fit",
    at: "flow",
    is: (e) => plain(e) && e.shiftKey && e.code === "Digit1",
    run: fit,
  },
  { keys: "Esc", does: "escape", at: "editor", is: (e) => key(e, "escape"), run: escape },
];

/** As a screen reader is told: "Ctrl+Shift+Z" is "Control+Shift+Z". */
export const spokenKeys = (keys) =>
  keys.replaceAll("Ctrl", "Control").replaceAll("−", "-").replace("Del", "Delete").replace("Esc", "Escape")
    .replace(/\+\+$/, "+Plus").replace("↑↓", "ArrowDown").replace("↑", "ArrowUp").replace("↓", "ArrowDown");

export function keys(editor, signal) {
  editor.shortcuts = SHORTCUTS;
  tell("build", SHORTCUTS.map((one) => ({ keys: one.keys, says: () => editor.t(`keys_${one.does}`) })));
  editor.root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    const id = event.target.matches(".fe-main") && event.target.closest(".fe-card")?.dataset.id;
    const writes = typing(event.target) && plain(event); // then a letter is a letter
    const fits = ({ at, edits, is }) =>
      is?.(event) && !(edits && editor.readonly) && !(writes && at === "flow") &&
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
  editor.announce(editor.t("zoomed", { percent: Math.round(editor.zoom * 100) }));
}

function fit(editor) {
  if (editor.view !== "flow") return false;
  editor.fit();
  editor.announce(editor.t("zoomed", { percent: Math.round(editor.zoom * 100) }));
}

function openMenuOf(editor, event, id) {
  editor.blockMenu(id, event.target);
}

/** Choose a block that comes behind the one with the focus. */
function addAfter(editor, event, id) {
  const at = id && editor.tree.find(editor.flow, id);
  editor.addMenu(at ? at.list : null, at ? at.index + 1 : null, event.target);
}

function name(editor, _event, id) {
  editor.select(id, { open: true });
  editor.panel.querySelector(".fe-title")?.focus();
}

function otherView(editor) {
  const focused = document.activeElement?.closest(".fe-card")?.getAttribute("data-id");
  editor.show(editor.view === "flow" ? "list" : "flow");
  mainOf(editor.world, focused)?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** From problem to problem, round and round; Shift back. */
function nextProblem(editor, event) {
  const all = editor.problems.filter(({ id }) => id);
  if (!all.length) return editor.announce(editor.t("no_problems"));
  const at = all.indexOf(editor.wrong) + (event.shiftKey ? -1 : 1);
  const { id, field, text } = editor.wrong = all.at(at % all.length);
  editor.select(id, { open: true, field, reveal: true });
  editor.announce(editor.say(text));
}

function roundBeside(editor, event, id) {
  return editor.stepRound(id || editor.selected, event.key === "[" ? -1 : 1);
}

function escape(editor, event) {
  const id = editor.selected || editor.marks.at(-1);
  if (!id || event.target.closest("[popover]")) return false;
  editor.select("");
  mainOf(editor.world, id)?.focus();
}
