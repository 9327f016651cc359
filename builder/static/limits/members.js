// What each of those who work here may take of a day, by all their API keys together and by trying out.

import { html, useState } from "preact";
import { Dialog, open } from "../common/dialog.js";
import { Button, Callout } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";
import { who } from "../common/who.js";

export const MEASURES = ["messages", "tokens", "money"];
export const EVERYBODY = "everybody";

/** What was typed as a number: null where it is empty. */
export const amount = (text) => (String(text ?? "").trim() === "" ? null : Number(text));

/** `one`: {id, name, own, cap}; whether something was saved. */
export const changeMember = (call, one) => open(MemberDialog, { call, one });

function MemberDialog({ call, one, close }) {
  const [given, setGiven] = useState(one.cap);
  const [wrong, setWrong] = useState(null);
  const save = async (own) => {
    const amounts = Object.fromEntries(MEASURES.map((name) => [name, amount(given[name])]));
    const answer = await call("save_member", { id: one.id, own, ...amounts });
    if (!answer.ok) return setWrong(answer);
    told(answer);
    close(true);
  };
  const field = (name) => {
    const why = wrong?.field === name ? say(wrong.text) : "";
    return html`
      <${Field} key=${name} id="member-${name}" label=${t(`limits.set.${name}`)} wrong=${why} optional>
        <${Input} id="member-${name}" kind="number" min="0" step="any" value=${given[name]} wrong=${why}
          onChange=${(text) => setGiven({ ...given, [name]: text })} />
        </${Field}>
    `;
  };
  const all = one.id === EVERYBODY;
  const footer = [
    one.own && html`
      <${Button} label=${t(all ? "limits.member.first" : "limits.member.as_all")} id="member-as-all"
        onClick=${() => save(false)} />
    `,
    html`<${Button} label=${t("common.cancel")} onClick=${() => close()} />`,
    html`<${Button} label=${t("common.save")} look="primary" id="member-save" onClick=${() => save(true)} />`,
  ];
  const title = all ? t("limits.member.all") : t("limits.member.of", { name: who(one.name) });
  return html`
    <${Dialog} title=${title} close=${close} footer=${footer} id="member-dialog">
      <div class="hy-stack">
        <p class="soft">${t(all ? "limits.member.all.hint" : "limits.user.hint")}</p>
        ${wrong && !MEASURES.includes(wrong.field) && html`<${Callout} tone="bad" title=${say(wrong.text)} />`}
        ${MEASURES.map(field)}
        <p class="faint">${t("limits.member.empty")}</p>
      </div>
      </${Dialog}>
  `;
}
