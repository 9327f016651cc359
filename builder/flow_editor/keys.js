/** The keyboard: moving between blocks, moving blocks, undo, copy and paste. */

import { tell } from "../static/common/shortcuts.js";
import { mainOf } from "./view.js";

tell("build", [
  { keys: "↑ ↓ ← →", says: "help.walk" },
  { keys: "Enter", says: "help.enter" },
  { keys: "Alt + ↑ ↓ ← →", says: "help.move" },
  { keys: "Ctrl + D", says: "help.duplicate" },
  { keys: "Ctrl + C / X / V", says: "help.copy" },
  { keys: "Delete", says: "help.delete" },
  { keys: "Ctrl + Z / Ctrl + Shift + Z", says: "help.undo" },
]);

const typing = (node) =>
  node.matches?.("input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]");

export function keys(editor, signal) {
  const { root } = editor;
  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    if (history(editor, event) || escape(editor, event) || onCard(editor, event)) event.preventDefault();
  }, { signal });
  for (const name of ["copy", "cut", "paste"]) {
    document.addEventListener(name, (event) => clipboard(editor, event), { signal });
  }
}

function history(editor, event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
  const key = event.key.toLowerCase();
  if (key === "z") event.shiftKey ? editor.redo() : editor.undo();
  else if (key === "y") editor.redo();
  else return false;
  return true;
}

function escape(editor, event) {
  if (event.key !== "Escape" || !editor.selected || event.target.closest("[popover]")) return false;
  const id = editor.selected;
  editor.select("");
  mainOf(editor.world, id)?.focus();
  return true;
}

function onCard(editor, event) {
  const id = event.target.matches(".fe-main") && event.target.closest(".fe-card")?.dataset.id;
  if (!id) return false;
  const { key } = event;
  if (event.altKey && key.startsWith("Arrow")) return !editor.readonly && (shift(editor, id, key), true);
  if (event.ctrlKey || event.metaKey) {
    return key.toLowerCase() === "d" && !editor.readonly && (editor.duplicate(id), true);
  }
  if (key.toLowerCase() === "d" && !editor.readonly) return editor.toggle(id), true;
  if ((key === "Delete" || key === "Backspace") && !editor.readonly) return editor.remove(id), true;
  return key.startsWith("Arrow") && !event.shiftKey && (walk(editor, event.target, key), true);
}

/** Focus the next card up or down in reading order, or the nearest to the left or right on the screen. */
function walk(editor, from, key) {
  const all = [...editor.world.querySelectorAll(".fe-main")];
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (step) return all[all.indexOf(from) + step]?.focus();
  const here = from.getBoundingClientRect();
  const side = key === "ArrowRight" ? 1 : -1;
  const distance = (node) => {
    const box = node.getBoundingClientRect();
    const across = (box.x - here.x) * side;
    return across > 10 ? across + 3 * Math.abs(box.y - here.y) : Infinity;
  };
  const next = all.reduce((best, node) => (distance(node) < distance(best) ? node : best), from);
  if (next !== from) next.focus();
}

/** Alt+↑/↓ moves within the list and out of it at its ends; Alt+←/→ moves to the neighbouring branch. */
export function shift(editor, id, key) {
  const { tree, flow } = editor;
  const { list, index } = tree.find(flow, id);
  const last = tree.listAt(flow, list).length - 1;
  const parent = around(tree, flow, list);
  if (key === "ArrowUp" && index > 0) return editor.moveTo(id, list, index - 1);
  if (key === "ArrowDown" && index < last) return editor.moveTo(id, list, index + 2);
  if (!parent) return;
  if (key === "ArrowUp") return editor.moveTo(id, parent.list, parent.index);
  if (key === "ArrowDown") return editor.moveTo(id, parent.list, parent.index + 1);
  const lanes = tree.lanes(parent.block);
  const own = [...parent.list, parent.index];
  const here = lanes.findIndex((lane) => [...own, ...lane.path].join() === list.join());
  const next = lanes[here + (key === "ArrowRight" ? 1 : -1)];
  if (next) editor.moveTo(id, [...own, ...next.path], Math.min(index, next.flow.length));
}

/** The place of the block whose lane this list is; undefined for the flow itself. */
function around(tree, flow, list) {
  return [...tree.walk(flow)].find(({ block, list: outer, index }) =>
    tree.lanes(block).some((lane) => [...outer, index, ...lane.path].join() === list.join())
  );
}

function clipboard(editor, event) {
  const active = document.activeElement;
  if (!editor.root.contains(active) || typing(active) || editor.readonly) return;
  if (event.type === "paste") {
    const block = parsed(event.clipboardData.getData("text/plain"));
    if (block && editor.types[block.type]) {
      event.preventDefault();
      editor.paste(block);
    }
    return;
  }
  const id = active.closest(".fe-card")?.getAttribute("data-id");
  if (!id || !getSelection().isCollapsed) return;
  event.preventDefault();
  event.clipboardData.setData(
    "text/plain",
    JSON.stringify({ hongyan: "block", block: editor.tree.find(editor.flow, id).block }),
  );
  if (event.type === "cut") editor.remove(id);
}

function parsed(text) {
  try {
    const data = JSON.parse(text);
    return data?.hongyan === "block" && data.block;
  } catch {
    return null; // ordinary text on the clipboard
  }
}
