// Secrets that agents name as {{ secret.name }}: set, never shown again; and asking for those that a new agent needs.

import { html, useState } from "preact";
import { confirmed, Dialog, open } from "./dialog.js";
import { Button, Callout, Card, Pill } from "./elements.js";
import { Field, Input } from "./field.js";
import { useLoad } from "./load.js";
import { told } from "./server.js";
import { Line, Table } from "./table.js";
import { ago, say, t } from "./texts.js";

/** The card on the Models page. */
export function SecretsCard({ call }) {
  const { value, again, answer } = useLoad(call, "list_secrets");
  const set = async (secret) => (await open(SecretDialog, { call, secret })) && again();
  const add = html`
    <${Button} label=${t("secrets.add")} icon="plus" id="add-secret"
      onClick=${() => set({ name: "", hosts: [] })} />
  `;
  const line = (one) => html`<${Secret} key=${one.name} call=${call} secret=${one} set=${set} again=${again} />`;
  return html`
    <${Card} title=${t("secrets.title")} hint=${t("secrets.hint")} aside=${add} data-testid="secrets">
      <${Table}>
          ${answer && !answer.ok && html`<${Callout} tone="bad" title=${say(answer.text)} />`}
          ${value && (value.length ? value.map(line) : html`<p class="soft">${t("secrets.none")}</p>`)}
        </${Table}>
      </${Card}>
  `;
}

function Secret({ call, secret, set, again }) {
  const { name } = secret;
  const remove = async () => {
    const sure = await confirmed(t("secrets.remove.title", { name }), t("secrets.remove.hint"), t("common.remove"));
    if (sure && told(await call("remove_secret", { name }))) await again();
  };
  const users = secret.used_by.map((agent) => agent.name).join("、");
  const actions = [
    html`<${Button} label=${t(secret.set ? "secrets.replace" : "secrets.set")} id="set-secret" onClick=${() =>
      set(secret)} />`,
    secret.set &&
    html`<${Button} icon="trash" look="quiet icon" title=${t("common.remove")} id="remove-secret" onClick=${remove} />`,
  ];
  return html`<${Line} id="secret-${name}" actions=${actions}>
    <div class="hy-row">
      <h3><code>${name}</code></h3>
      ${!secret.set && html`<${Pill} tone="warn">${t("secrets.missing")}</${Pill}>`}
    </div>
    <p class="soft">${users ? t("secrets.used_by", { names: users }) : t("secrets.unused")}</p>
    ${secret.set && html`<p class="faint">${whereTo(secret.hosts)} · ${ago(secret.at)}</p>`}
  </${Line}>`;
}

const whereTo = (hosts) => (hosts.length ? t("secrets.only", { hosts: hosts.join("、") }) : t("secrets.anywhere"));

const blank = ({ name, hosts }) => ({ name, value: "", hosts: hosts.join(", ") });

/** Sets it; a refusal that names a field is given back as {field: sentence}, any other is told. Null: it is set. */
async function keep(call, { name, value, hosts }) {
  const answer = await call("set_secret", { name, value, hosts: hosts.split(/[\s,，、]+/).filter(Boolean) });
  if (!answer.ok && answer.field in blank({ name, hosts: [] })) return { [answer.field]: say(answer.text) };
  return told(answer) ? null : {};
}

/** Name (unless it is given), value and hosts. */
function SecretFields({ secret, given, change, wrong = {} }) {
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

function SecretDialog({ call, secret, close }) {
  const [given, setGiven] = useState(() => blank(secret));
  const [wrong, setWrong] = useState({});
  const save = async () => {
    const refused = await keep(call, given);
    if (refused) setWrong(refused);
    else close(true);
  };
  const footer = [
    html`<${Button} label=${t("common.cancel")} onClick=${() => close()} />`,
    html`<${Button} label=${t("common.save")} look="primary" id="secret-save" onClick=${save} />`,
  ];
  return html`
    <${Dialog} title=${t("secrets.add")} close=${close} footer=${footer} id="secret-dialog">
      <${SecretFields} secret=${secret} given=${given} change=${setGiven} wrong=${wrong} />
      </${Dialog}>
  `;
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
