// Secrets that agents name as {{ secret.name }}: set, never shown again; and asking for those that a new agent needs.

import { html, useState } from "preact";
import { Dialog, open } from "./dialog.js";
import { Button, Callout } from "./elements.js";
import { Field, Input } from "./field.js";
import { told } from "./server.js";
import { say, t } from "./texts.js";

/** What a form for it begins with. */
export const blank = ({ name, hosts }) => ({ name, value: "", hosts: hosts.join(", ") });

/** Sets it; a refusal that names a field is given back as {field: sentence}, any other is told. Null: it is set. */
export async function keep(call, { name, value, hosts }) {
  const answer = await call("set_secret", { name, value, hosts: hosts.split(/[\s,，、]+/).filter(Boolean) });
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

/** After an agent came from elsewhere: what it will send where, and the secrets that it still needs. */
export const askForSecrets = (call, asked) => open(AskedDialog, { call, asked });

function AskedDialog({ call, asked, close }) {
  const needed = asked.filter((one) => !one.set);
  const [given, setGiven] = useState(() => Object.fromEntries(needed.map((one) => [one.name, blank(one)])));
  const [wrong, setWrong] = useState({});
  const where = ({ hosts }) => hosts.join("、") || t("secrets.variable_host");
  const save = async () => {
    for (const { name } of needed) {
      const refused = await keep(call, given[name]);
      if (refused) return setWrong({ [name]: refused });
    }
    close();
  };
  const footer = [
    html`<${Button} label=${t("secrets.later")} onClick=${() => close()} />`,
    needed.length > 0 && html`<${Button} label=${t("common.save")} look="primary" id="secrets-save" onClick=${save} />`,
  ];
  const known = (one) => t("secrets.will_send", { name: one.name, hosts: where(one) });
  return html`
    <${Dialog} title=${t("secrets.asked")} close=${close} footer=${footer} id="secrets-dialog">
      <div class="hy-stack" data-testid="secrets-asked">
          ${asked.filter((one) => one.set).map((one) =>
            html`<${Callout} key=${one.name} tone="warn" title=${known(one)} detail=${t("secrets.will_send.hint")} />`
          )}
          ${needed.map((one) =>
            html`
              <section key=${one.name}>
                <h3>${t("secrets.needs", { name: one.name, hosts: where(one) })}</h3>
                <${SecretFields} secret=${one} given=${given[one.name]} wrong=${wrong[one.name]}
                  change=${(now) => setGiven({ ...given, [one.name]: now })} />
              </section>
            `
          )}
        </div>
      </${Dialog}>
  `;
}
