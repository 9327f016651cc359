// What an agent may do to the world: one line a power, with the tools that have it.

import { html } from "preact";
import { Icon } from "./elements.js";
import { say } from "./texts.js";

/** `may`: [{power, title, uses, asked}]; `allowed`: those that are. Without `change` it is only shown. */
export function Powers({ may, allowed, change = undefined }) {
  const turn = (power, on) => change(on ? [...allowed, power] : allowed.filter((one) => one !== power));
  return may.map(({ power, title, uses }) => {
    const on = allowed.includes(power);
    return html`<label key=${power} class="hy-power" data-testid="may-${power}">
      ${
      change
        ? html`<input type="checkbox" checked=${on} onChange=${({ target }) => turn(power, target.checked)} />`
        : html`<${Icon} name=${on ? "check" : "close"} size=${16} />`
    }
      <span><b>${say(title)}</b><span class="soft"> ${uses.map(say).join(" · ")}</span></span>
    </label>`;
  });
}
