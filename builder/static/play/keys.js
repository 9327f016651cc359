// The playground by keys: to the box, through what was written before, stop, from column to column.

import { fill } from "./chat_kept.js";
import { focusBox, shared } from "./chat_state.js";
import { leaveRewriting, pressed } from "./deeds.js";

const MOST = 50; // lines that are remembered
const written = [];
let place = 0;

const boxOf = (target) => target instanceof HTMLTextAreaElement && target.closest("#ask") ? target : null;

export function listenForKeys() {
  document.addEventListener("keydown", (event) => {
    if (
      event.defaultPrevented || event.isComposing ||
      document.querySelector("dialog[open], :popover-open:not(.hy-toasts)")
    ) return;
    const box = boxOf(event.target);
    if (box ? inBox(event, box) : outside(event)) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const box = boxOf(event.target);
    if (!box || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    if (event.repeat) { // held down, it sends once
      event.preventDefault();
      event.stopImmediatePropagation();
    } else remember(box.value);
  }, { capture: true });
}

function remember(line) {
  if (line.trim() && written.at(-1) !== line) written.push(line);
  if (written.length > MOST) written.shift();
  place = written.length;
}

/** ↑ and ↓ in an empty box, or in one of these lines as it was. */
function inBox(event, box) {
  if (event.key === "Escape") return stop();
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return pressed(event);
  if (box.value && box.value !== written[place]) return false;
  if (!(place + step in written) && place + step !== written.length) return false;
  place += step;
  fill(box, written[place] ?? "");
  return true;
}

function outside(event) {
  if (event.key === "Escape") return stop();
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    focusBox();
    return true;
  }
  return pressed(event);
}

/** The answer that is under way; what is being rewritten, if none is. */
function stop() {
  const button = /** @type {HTMLElement} */ (document.querySelector("#ask .stop-button"));
  button?.click();
  const leaves = !button && shared().rewrites !== null;
  if (leaves) leaveRewriting();
  return Boolean(button) || leaves;
}
