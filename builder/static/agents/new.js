// The ways to a new agent: from a starter, or by describing it.

import { html, useState } from "preact";
import { Dialog } from "../common/dialog.js";
import { Button } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { FIRST } from "../common/first_words.js";
import { href, told } from "../common/server.js";
import { lang, say, t } from "../common/texts.js";
import { Starters } from "./starter.js";

export function NewDialog({ call, groups, close }) {
  const [name, setName] = useState("");
  const start = async (starter) => {
    const usual = starter.id ? say(starter.name) : t("new.blank.name");
    const made = told(await call("create", { starter: starter.id, name: name.trim() || usual, lang }));
    if (made) location.assign(href("build", made.id));
  };
  return html`
    <${Dialog} title=${t("agents.new")} close=${close} size="wide" id="new-dialog">
      <div class="hy-stack">
        <${ByDescription} call=${call} />
        <${Field} id="new-name" label=${t("agents.name")} optional hint=${t("new.name.hint")}>
          <${Input} id="new-name" value=${name} onChange=${setName} placeholder=${t(
            "new.name.placeholder",
          )} autofocus />
          </${Field}>
          <${Starters} call=${call} groups=${groups} start=${start} />
          </div>
          </${Dialog}>
  `;
}

/** The third way: it is built as it is described, on the page of its flow. */
function ByDescription({ call }) {
  const [text, setText] = useState("");
  const build = async () => {
    if (!text.trim()) return document.getElementById("new-describe").focus();
    const made = told(await call("create", { starter: "", name: t("new.blank.name"), lang }));
    if (!made) return;
    sessionStorage.setItem(FIRST + made.id, text);
    location.assign(`${href("build", made.id)}&describe=1`);
  };
  return html`
    <${Field} id="new-describe" label=${t("new.describe")} hint=${t("new.describe.hint")}>
      <div class="hy-describe-new">
        <div>
          <${Input} id="new-describe" rows=${2} value=${text} onChange=${setText} maxlength="8000"
            aria-describedby="new-describe-hint" placeholder=${t("new.describe.placeholder")} />
        </div>
        <${Button} label=${t("new.describe.do")} look="primary" icon="spark" id="new-describe-do" onClick=${build} />
      </div>
      </${Field}>
  `;
}
