/** The flow as others have gone on with it: what is selected, and where somebody types, stays as it is. */

import { historyOf } from "./history.js";
import { fieldOf } from "./inspector.js";

/** Undo begins anew: it would take back what others did. */
export function adopt(editor, flow) {
  if (JSON.stringify(flow) === JSON.stringify(editor.flow)) return;
  const block = () => JSON.stringify(editor.tree.find(editor.flow, editor.selected)?.block);
  const before = block();
  const typed = typedIn(editor.panel);
  editor.history = historyOf(flow);
  editor.redraw();
  const now = block();
  if (now === before) return;
  if (!now) editor.select("");
  editor.redrawPanel();
  if (now && typed) typeOn(editor.panel, typed);
}

/** The field that has the focus, and the caret in it. */
function typedIn(panel) {
  const node = /** @type {HTMLInputElement} */ (panel.contains(document.activeElement) ? document.activeElement : null);
  if (!node) return null;
  const field = node.closest("[data-field]")?.getAttribute("data-field") ?? "";
  return { field, testid: node.dataset.testid, caret: [node.selectionStart, node.selectionEnd] };
}

function typeOn(panel, { field, testid, caret }) {
  const box = field ? fieldOf(panel, field) : panel;
  const node = box?.querySelector(testid ? `[data-testid="${testid}"]` : "input, textarea, select");
  node?.focus({ preventScroll: true });
  if (node?.setSelectionRange && caret[0] !== null && caret[0] !== undefined) node.setSelectionRange(...caret);
}
