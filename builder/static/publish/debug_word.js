// A secret word, by which somebody sees on their own phone how answers come about.

import { html, useState } from "preact";
import { confirmed } from "../common/dialog.js";
import { Button, Callout, Card } from "../common/elements.js";
import { Field, Input, Select } from "../common/field.js";
import { told } from "../common/server.js";
import { t } from "../common/texts.js";

const HOURS = [1, 4, 12, 24];

export function DebugWord({ call, publication, again }) {
  const { debug } = publication.canary;
  const [given, setGiven] = useState({ word: "", hours: debug?.hours ?? 4, draft: debug?.draft ?? false });
  const [made, setMade] = useState("");
  const change = (one) => setGiven({ ...given, ...one });
  const set = async () => {
    const value = told(await call("set_debug", { publication: publication.id, ...given }));
    if (value) setMade(value.say), change({ word: "" }), await again();
  };
  const clear = async () => {
    const sure = await confirmed(t("debug.clear.title"), t("debug.clear.hint"), t("debug.clear"));
    if (sure && told(await call("clear_debug", { publication: publication.id }))) setMade(""), await again();
  };
  const hours = [...new Set([...HOURS, given.hours])].map((one) => [String(one), t("debug.hours.of", { hours: one })]);
  const answers = [["", t("debug.answers.published")], ["draft", t("debug.answers.draft")]];
  return html`
    <${Card} title=${t("debug")} hint=${t("debug.hint")}>
      <div class="hy-stack">
        ${made && html`<${Callout} tone="ok" title=${t("debug.made", { say: made })} />`}
        ${!made && debug && html`<p class="soft">${t("debug.is_set", debug)}</p>`}
        <${Field} id="debug-word" label=${t("debug.word")} optional=${true} hint=${t("debug.word.hint")}>
          <${Input} id="debug-word" value=${given.word} code=${true} onChange=${(word) => change({ word })} />
          </${Field}>
        <${Field} id="debug-hours" label=${t("debug.hours")}>
          <${Select} id="debug-hours" value=${String(given.hours)} options=${hours}
            onChange=${(one) => change({ hours: Number(one) })} />
          </${Field}>
        <${Field} id="debug-answers" label=${t("debug.answers")}>
          <${Select} id="debug-answers" value=${given.draft ? "draft" : ""} options=${answers}
            onChange=${(one) => change({ draft: one === "draft" })} />
          </${Field}>
        <div class="hy-row">
          <${Button} label=${t("debug.set")} id="debug-set" onClick=${set} />
          ${debug && html`<${Button} label=${t("debug.clear")} look="danger" id="debug-clear" onClick=${clear} />`}
        </div>
      </div>
      </${Card}>
  `;
}
