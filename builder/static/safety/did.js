// What a check did, in a word.

import { html } from "preact";
import { Pill } from "../common/elements.js";
import { t } from "../common/texts.js";

export function Did({ action, why }) {
  const tone = action === "block" ? "bad" : action || why ? "warn" : "ok";
  return html`<${Pill} tone=${tone}>${
    t(action ? `safety.did.${action}` : why ? "safety.unchecked" : "safety.found_nothing")
  }</${Pill}>`;
}
