// What an answer says is wrong with a form: each sentence at its field, and what has no field here.

import { begun, say } from "./texts.js";

/** `names`: of the fields that are shown. {at: {name: sentence}, rest: a sentence, or ""}. */
export function wrongAt(answer, names) {
  if (answer.ok) return { at: {}, rest: "" };
  const said = answer.wrong ?? { [answer.field]: answer.text };
  const known = Object.entries(said).filter(([name]) => names.includes(name));
  const at = Object.fromEntries(known.map(([name, text]) => [name, begun(text)]));
  return { at, rest: known.length === Object.keys(said).length ? "" : say(answer.text) };
}
