// Sentences that stay for a few seconds.

import { html, render } from "preact";
import { Button, Icon } from "./elements.js";
import { t } from "./texts.js";

let shown = [];
let count = 0;

function tray() {
  let box = /** @type {HTMLElement} */ (document.querySelector(".hy-toasts"));
  if (!box) {
    box = Object.assign(document.createElement("div"), {
      className: "hy hy-toasts",
      role: "status",
      popover: "manual",
    });
    box.setAttribute("aria-live", "polite");
    document.body.append(box);
  }
  // Shown anew, so that it lies over a dialog that opened after it.
  if (box.matches(":popover-open")) box.hidePopover();
  if (shown.length) box.showPopover();
  return box;
}

/** `action`: {label, run}, e.g. undo. Milliseconds. */
export function toast(sentence, { tone = "ok", action = null, lasts = action ? 10000 : 4500 } = {}) {
  const one = { key: ++count, sentence, tone, action };
  shown = [...shown, one];
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
