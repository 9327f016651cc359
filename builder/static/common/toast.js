// Sentences that stay for a few seconds.

import { html, render } from "preact";
import { Button, Icon } from "./elements.js";
import { t } from "./texts.js";

let shown = [];
let count = 0;

let box = /** @type {HTMLElement} */ (null);

function tray() {
  if (!box) {
    box = Object.assign(document.createElement("div"), {
      className: "hy hy-toasts",
      role: "status",
      popover: "manual",
    });
    box.setAttribute("aria-live", "polite");
  }
  // Shown anew, so that it lies over a dialog that opened after it; in it, since all around one cannot be clicked.
  if (box.isConnected && box.matches(":popover-open")) box.hidePopover();
  const around = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  if (box.parentNode !== around) around.append(box);
  if (shown.length) box.showPopover();
  return box;
}

// What was said in a dialog that is closed now is read on behind it.
document.addEventListener("close", () => setTimeout(() => shown.length && draw()), { capture: true });

// Ctrl+Z is what the button does, unless somebody types, or something nearer has a use for it.
document.addEventListener("keydown", (event) => {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey &&
    event.key.toLowerCase() === "z";
  const one = shown.findLast(({ action }) => action);
  const typed = /** @type {HTMLElement} */ (event.target).closest?.("input, textarea, select, [contenteditable]");
  if (!isUndo || !one || typed || event.defaultPrevented) return;
  event.preventDefault();
  leave(one);
  one.action.run();
});

/** `action`: {label, run}, e.g. undo. Milliseconds. */
export function toast(sentence, { tone = "ok", action = null, lasts = action ? 10000 : 4500 } = {}) {
  const one = { key: ++count, sentence, tone, action };
  shown = [...shown.filter((other) => other.action || other.sentence !== sentence), one]; // nothing is said twice
  draw();
  setTimeout(() => leave(one), tone === "bad" ? Math.max(lasts, 9000) : lasts);
}

function leave(one) {
  if (!shown.includes(one)) return;
  shown = shown.filter((other) => other !== one);
  draw();
}

const draw = () => render(shown.map((one) => html`<${Toast} key=${one.key} one=${one} />`), tray());

function Toast({ one }) {
  const { sentence, tone, action } = one;
  const act = () => (leave(one), action.run());
  return html`<div class="hy-toast ${tone}" data-testid="toast">
    <${Icon} name=${tone === "bad" ? "warning" : "check"} />
    <span>${sentence}</span>
    ${action && html`<${Button} label=${action.label} look="quiet" id="toast-action" onClick=${act} />`}
    <${Button} icon="close" look="quiet icon" title=${t("common.close")} onClick=${() => leave(one)} />
  </div>`;
}
