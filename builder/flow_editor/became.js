/** What became of each block, drawn on its card: told by a sign and a word, colour only helps. */

import { h } from "./dom.js";

const SIGNS = { added: "+", removed: "−", moved: "⇄", changed: "✎", left: "⇢" };

/** In words: "added", or "moved" and "changed". */
export const kindsOf = (editor, id) => (editor.became?.[id] ?? []).map((kind) => editor.t(`mark_${kind}`));

/** [classes, badge] of a block by its id, or of a way inside of it: see runtime/agents/drawn_together.py. */
export function mark(editor, id) {
  const kinds = editor.became?.[id] ?? [];
  if (!kinds.length) return ["", null];
  const word = (kind) =>
    h(
      "span.fe-mark",
      { class: kind, key: kind },
      h("b", { "aria-hidden": "true" }, SIGNS[kind]),
      editor.t(`mark_${kind}`),
    );
  return [kinds.map((kind) => `was-${kind}`).join(" "), h("span.fe-marks", { "data-testid": "mark" }, kinds.map(word))];
}

/** Two states in one drawing, or one to look at: neither has anything to add. */
export function dress({ root, became, readonly }) {
  root.classList.toggle("compared", Boolean(became));
  root.classList.toggle("readonly", readonly);
}
