/** The flow as others have gone on with it: what is selected, and where somebody types, stays as it is. */

import { historyOf } from "./history.js";
import { whileTyped } from "./typing.js";

/** Undo begins anew: it would take back what others did. */
export function adopt(editor, flow) {
  if (JSON.stringify(flow) === JSON.stringify(editor.flow)) return;
  const block = () => JSON.stringify(editor.tree.find(editor.flow, editor.selected)?.block);
  const before = block();
  editor.history = historyOf(flow);
  editor.redraw();
  const now = block();
  if (now === before) return;
  if (now) return whileTyped(editor.panel, () => editor.redrawPanel());
  editor.select("");
  editor.redrawPanel();
}
