// Secrets that agents name as {{ secret.name }}: set, and never shown again.

import { html } from "preact";
import { Field, Input } from "./field.js";
import { told } from "./server.js";
import { say, t } from "./texts.js";

/** What a form for it begins with. */
export const blank = ({ name, hosts }) => ({ name, value: "", hosts: hosts.join(", ") });

/** Sets it; a refusal that names a field is given back as {field: sentence}, any other is told. Null: it is set.
 * `fresh`: it must not replace another. */
export async function keep(call, { name, value, hosts }, fresh = false) {
  const places = hosts.split(/[\s,，、]+/).filter(Boolean);
  const answer = await call("set_secret", { name, value, hosts: places, fresh });
  if (!answer.ok && answer.field in blank({ name, hosts: [] })) return { [answer.field]: say(answer.text) };
  return told(answer) ? null : {};
}

/** Name (unless it is given), value and hosts. */
export function SecretFields({ secret, given, change, wrong = {} }) {
  const field = (name, kind = "text", first = false) => {
    const id = `secret-${name}-${secret.name || "new"}`;
    return html`
      <${Field} key=${name} id=${id} label=${t(`secrets.field.${name}`)} hint=${t(`secrets.field.${name}.hint`)}
        wrong=${wrong[name]}>
        <${Input} id=${id} data-testid="secret-${name}" kind=${kind} value=${given[name]} wrong=${wrong[name]}
          autofocus=${first}
          onChange=${(value) => change({ ...given, [name]: value })} />
        </${Field}>
    `;
  };
  return html`<div class="hy-stack">
    ${!secret.name && field("name", "text", true)}${field("value", "password", Boolean(secret.name))}${field("hosts")}
  </div>`;
}
