/** Somebody types in the form while it is drawn again: where they are stays where it is. */

import { fieldOf } from "./inspector.js";

const CONTROLS = "input, textarea, select, button";

/** `draw()` may put other values into the controls of the panel, or make them anew. */
export function whileTyped(panel, draw) {
  const typed = typedIn(panel);
  draw();
  if (typed) typeOn(panel, typed);
}

/** The control that has the focus: in which field, which one of it, and what is selected. */
function typedIn(panel) {
  const node = /** @type {HTMLInputElement | null} */ (document.activeElement);
  if (!node || !panel.contains(node)) return null;
  const field = node.closest("[data-field]")?.getAttribute("data-field") ?? "";
  const place = [...(boxOf(panel, field)?.querySelectorAll(CONTROLS) ?? [])].indexOf(node);
  /** @type {[number | null, number | null, any]} */
  const selected = [node.selectionStart, node.selectionEnd, node.selectionDirection];
  return { node, field, place, selected };
}

const boxOf = (panel, field) => (field ? fieldOf(panel, field) : panel);

function typeOn(panel, { node, field, place, selected: [from, to, direction] }) {
  const there = node.isConnected ? node : boxOf(panel, field)?.querySelectorAll(CONTROLS)[place];
  if (!there) return;
  if (document.activeElement !== there) there.focus({ preventScroll: true });
  if (typeof from !== "number" || typeof there.value !== "string") return;
  const most = there.value.length;
  there.setSelectionRange?.(Math.min(from, most), Math.min(to, most), direction);
}
