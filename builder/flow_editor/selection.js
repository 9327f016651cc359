/** Which blocks are meant: the one whose form is open, or several that a person marked. */

import { bound } from "./dom.js";
import { fieldOf } from "./inspector.js";
import { cardOf, mainOf } from "./view.js";

/** Open a block's form; `enter` moves focus into it, `open` into the sheet on phones, `field` to one setting, `reveal` scrolls to the card. */
function select(editor, id, { open = false, field = "", reveal = false, enter = false } = {}) {
  const known = editor.tree.find(editor.flow, id) ? id : "";
  const before = editor.selected;
  Object.assign(editor, { selected: known, marks: [] });
  editor.redraw();
  if (before !== known || !open) editor.redrawPanel();
  if (before !== known) editor.panel.scrollTop = 0;
  if (reveal) cardOf(editor.world, known)?.scrollIntoView(NEAR);
  const target = field
    ? fieldOf(editor.panel, field)
    : open && editor.narrow && editor.panel.querySelector(".fe-form .fe-field");
  if (target && known) focusField(editor, target, Boolean(field));
  else if (enter && known) {
    editor.panel.querySelector(".fe-form :is(input, textarea, select, button, summary)")?.focus();
  }
  if (before !== known) editor.onSelect(known);
}

/** @type {ScrollIntoViewOptions} */
const NEAR = { block: "nearest", inline: "nearest", behavior: "instant" };

function focusField(editor, box, exact) {
  for (const fold of [box.closest("details"), box.querySelector("details")]) if (fold) fold.open = true;
  if (exact) box.scrollIntoView({ block: "nearest" });
  // On phones an input would bring up the keyboard over the sheet; the panel itself takes the focus.
  if (exact || !editor.narrow) box.querySelector("input, textarea, select, button")?.focus({ preventScroll: true });
  else editor.panel.querySelector("[data-testid=close]")?.focus({ preventScroll: true });
}

/** Mark these; the form that is open is closed. */
function markAll(editor, ids) {
  const before = editor.selected;
  Object.assign(editor, { marks: editor.tree.tops(editor.flow, ids), selected: "" });
  editor.redraw();
  if (before) editor.redrawPanel(), editor.onSelect("");
  editor.announce(editor.t("marked", { n: editor.marks.length }));
}

/** Mark one more, or no more. */
function markOne(editor, id) {
  const now = editor.marks.length || !editor.selected ? editor.marks : [editor.selected];
  markAll(editor, now.includes(id) ? now.filter((one) => one !== id) : [...now, id]);
}

/** Mark the block with the focus and the next one up or down, which gets the focus. */
function markOn(editor, id, step) {
  const all = editor.tree.ids(editor.flow);
  const next = all[all.indexOf(id) + step];
  if (!next) return;
  markAll(editor, [...editor.marks, id, next]);
  mainOf(editor.world, next)?.focus();
}

/** What something done at block `id` is done to: all that are marked when it is one of them, else it alone. */
function meant(editor, id) {
  const { tree, flow, marks } = editor;
  return marks.includes(id) ? tree.tops(flow, marks) : tree.tops(flow, [id]);
}

export const selection = (editor) => bound(editor, { select, markOne, markAll, markOn, meant });
