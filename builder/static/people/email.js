// The address by which a provider may know somebody.

import { html, useState } from "preact";
import { Dialog } from "../common/dialog.js";
import { Field, Input } from "../common/field.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";

export function EmailDialog({ call, one, close }) {
  const [email, setEmail] = useState(one.email);
  const [wrong, setWrong] = useState("");
  const save = async () => {
    const answer = await call("set_email", { id: one.id, email });
    if (!answer.ok) return setWrong(say(answer.text));
    told(answer);
    close(true);
  };
  const does = { label: t("common.save"), id: "email-save", onClick: save };
  const title = t("people.email.of", { name: one.name || one.id });
  return html`
    <${Dialog} title=${title} close=${close} does=${does} id="email-dialog">
      <${Field} id="person-email" label=${t("people.email")} hint=${t("people.email.hint")} wrong=${wrong} optional>
        <${Input} id="person-email" kind="email" value=${email} onChange=${setEmail} wrong=${wrong} />
        </${Field}>
        </${Dialog}>
  `;
}
