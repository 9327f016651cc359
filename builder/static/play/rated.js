// What is thought of an answer: a thumb is Gradio's, a note to it is ours.

import { html, useState } from "preact";
import { Dialog, open } from "../common/dialog.js";
import { Field, Input } from "../common/field.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";
import { toast } from "../common/toast.js";

/** `rating`: {chat, turn, good, failed?} as the server kept it; a note may be added. */
export function rated(call, id, { chat, turn, good, failed }) {
  if (failed) return toast(say(failed), { tone: "bad" });
  if (!turn) return;
  if (good === null) return toast(t("rated.back"));
  const note = () => void open(Note, { save: (words) => call("rate", { id, chat, turn, good, note: words }), good });
  toast(t(good ? "rated.good" : "rated.bad"), { action: { label: t("rated.note"), run: note } });
}

function Note({ save, good, close }) {
  const [words, setWords] = useState("");
  const keep = async () => told(await save(words)) && close();
  const does = { label: t("common.save"), id: "note-save", disabled: !words.trim(), onClick: keep };
  return html`
    <${Dialog} title=${t(good ? "rated.good" : "rated.bad")} close=${close} does=${does} id="note-dialog">
      <${Field} id="note" label=${t("rated.words")} hint=${t("rated.hint")}>
        <${Input} id="note" rows=${4} value=${words} maxlength=${2000} autofocus onChange=${setWords} />
        </${Field}>
        </${Dialog}>
  `;
}
