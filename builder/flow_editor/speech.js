/** What the editor says, in the language that is on. */

import { filled } from "../static/common/filled.js";
import { bound } from "./dom.js";

/** A text of the editor, {names} filled in. */
function t(editor, key, values = {}) {
  const text = editor.texts[editor.language]?.[key] ?? editor.texts.en?.[key] ?? key;
  return filled(text, values, editor.language);
}

/** A text of the catalog: a string, or one a language. */
function say(editor, text) {
  if (text == null || typeof text === "string") return text ?? "";
  return text[editor.language] ?? text.en ?? "";
}

/** A value that is chosen from several. */
function choice(editor, field, value) {
  return say(editor, field.names?.[value]) ||
    (editor.texts[editor.language]?.[`choice_${field.name}_${value}`] ?? value);
}

/** To whoever reads with ears; what is said twice is another text, else it would be said once. */
function announce(editor, text) {
  editor.live.textContent = editor.live.textContent === text ? `${text}\u00a0` : text;
}

export const speech = (editor) => bound(editor, { t, say, choice, announce });
