// The playground by keys: to the box, through what was written before, stop, from column to column.

import { focusBox } from "./chat_state.js";

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
    if (box && event.key === "Enter" && !event.shiftKey && !event.isComposing) remember(box.value);
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
  if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return moved(event);
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
  return moved(event);
}

/** Alt+1 … Alt+4: to the head of that column. */
function moved(event) {
  const number = event.altKey && !event.ctrlKey && !event.metaKey && /^Digit([1-4])$/.exec(event.code)?.[1];
  const head = number ? document.querySelector(`#head-${Number(number) - 1} select`) : null;
  const to = /** @type {HTMLElement | null} */ (head);
  to?.focus();
  return Boolean(to);
}

function stop() {
  const button = /** @type {HTMLElement} */ (document.querySelector("#ask .stop-button"));
  button?.click();
  return Boolean(button);
}

function fill(box, text) {
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.setSelectionRange(text.length, text.length);
}
