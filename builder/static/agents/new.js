// The two ways to a new agent: from a starter, or from a file.

import { html, useRef, useState } from "preact";
import { Dialog } from "../common/dialog.js";
import { Button, Callout } from "../common/elements.js";
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
    <${Dialog} title=${t("agents.new")} close=${close} wide id="new-dialog">
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

/** Closes with what the agent asks for, when it was brought in: {id, secrets, may}. */
export function ImportDialog({ call, close }) {
  const [text, setText] = useState("");
  const [trouble, setTrouble] = useState("");
  const file = useRef(null);
  const bring = async (what) => {
    const answer = await call("import_", { text: what });
    if (!answer.ok) return setTrouble(say(answer.text));
    told(answer);
    close(answer.value);
  };
  const choose = async ({ target }) => {
    if (!target.files.length) return;
    const found = await target.files[0].text();
    target.value = "";
    setText(found);
    await bring(found);
  };
  const footer = [
    html`<${Button} label=${t("common.cancel")} onClick=${() => close()} />`,
    html`<${Button} label=${t("import.do")} look="primary" id="import-do" onClick=${() => bring(text)} />`,
  ];
  return html`
    <${Dialog} title=${t("agents.import")} close=${close} footer=${footer} wide id="import-dialog">
      <div class="hy-stack">
        <div class="hy-row">
          <${Button} label=${t("import.choose")} icon="upload" onClick=${() => file.current.click()} />
          <span class="soft">${t("import.or")}</span>
          <input ref=${file} type="file" accept=".json,application/json" class="hy-offscreen" data-testid="import-file"
            tabindex="-1" onChange=${choose} />
        </div>
        <${Field} id="import-text" label=${t("import.text")}>
          <${Input} id="import-text" rows=${12} code value=${text} onChange=${setText} spellcheck=${false}
            placeholder=${t("import.placeholder")} />
          </${Field}>
          <div aria-live="polite">
            ${trouble && html`<${Callout} tone="bad" title=${t("import.failed")} detail=${trouble} />`}
          </div>
          </div>
          </${Dialog}>
  `;
}
