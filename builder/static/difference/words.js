// What became of a text, as runtime/agents/words_difference.py tells it: what went is struck through, what came underlined.

import { html, useState } from "preact";
import { Button } from "../common/elements.js";
import { t } from "../common/texts.js";

const LONG = 240; // characters that stayed, from which their middle is left out
const ENDS = 80; // characters that are shown of each end

/** `pieces`: [["=" | "-" | "+", text]]. */
export function Words({ pieces }) {
  const [whole, setWhole] = useState(false);
  const long = pieces.some(([kind, text]) => kind === "=" && text.length > LONG);
  const piece = ([kind, text], i) => {
    if (kind === "-") return html`<del key=${i}>${text}</del>`;
    if (kind === "+") return html`<ins key=${i}>${text}</ins>`;
    return whole || text.length <= LONG ? text : shortened(text, i > 0, i < pieces.length - 1);
  };
  return html`<div class="hy-words" data-testid="words">
    <span>${pieces.map(piece)}</span>
    ${long && !whole && html`<${Button} label=${t("difference.whole")} look="quiet" onClick=${() => setWhole(true)} />`}
  </div>`;
}

/** Only what is beside a change. */
const shortened = (text, before, after) => `${before ? text.slice(0, ENDS) : ""} … ${after ? text.slice(-ENDS) : ""}`;
