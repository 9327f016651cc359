// What a base is called, how it is cut, by what it is compared; and deleting it.

import { html, useState } from "preact";
import { confirmed, Dialog } from "../common/dialog.js";
import { Button } from "../common/elements.js";
import { Form } from "../common/form.js";
import { told } from "../common/server.js";
import { inDollars, say, t } from "../common/texts.js";
import { goneTo } from "../common/undo.js";

export function SettingsDialog({ call, base, schema, close }) {
  const [given, setGiven] = useState(base);
  const [wrong, setWrong] = useState({});
  const save = async () => {
    if (given.embedding !== base.embedding && !(await agreed(call, base.id, given.embedding))) return;
    const answer = await call("save", { id: base.id, given });
    if (!answer.ok && answer.field) return setWrong({ [answer.field]: say(answer.text) });
    if (told(answer)) close(true);
  };
  const remove = () => goneTo("./bases", call, "delete", { id: base.id });
  const footer = [
    html`<${Button} label=${t("base.remove")} look="danger quiet" id="base-remove" onClick=${remove} />`,
    html`<div class="grow"></div>`,
    html`<${Button} label=${t("common.cancel")} onClick=${() => close()} />`,
    html`<${Button} label=${t("common.save")} look="primary" id="base-save" onClick=${save} />`,
  ];
  return html`
    <${Dialog} title=${t("base.settings")} close=${close} footer=${footer} id="base-settings-dialog">
      <${Form} schema=${schema} values=${given} wrong=${wrong} focus onChange=${setGiven} />
      </${Dialog}>
  `;
}

/** Whether a model may be asked for every passage: what that costs is told before. What is free needs no question. */
async function agreed(call, base, model) {
  const answer = await call("price", { base, model });
  if (!answer.ok) return Boolean(told(answer));
  if (answer.value === 0) return true;
  const cost = answer.value === null ? t("base.price.unknown") : t("base.price", { cost: inDollars(answer.value) });
  return confirmed(t("base.price.title", { model }), cost, t("base.price.go"));
}
