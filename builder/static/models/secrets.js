// The secrets that are set, on the Models page.

import { html, useState } from "preact";
import { confirmed, Dialog, open } from "../common/dialog.js";
import { Button, Callout, Card, Pill } from "../common/elements.js";
import { Empty } from "../common/empty.js";
import { useLoad } from "../common/load.js";
import { blank, keep, SecretFields } from "../common/secrets.js";
import { told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { ago, listed, say, t } from "../common/texts.js";

export function SecretsCard({ call }) {
  const { value, again, answer } = useLoad(call, "list_secrets");
  const set = async (secret) => (await open(SecretDialog, { call, secret })) && again();
  const add = call.may("set_secret") && html`
    <${Button} label=${t("secrets.add")} icon="plus" id="add-secret"
      onClick=${() => void set({ name: "", hosts: [] })} />
  `;
  const line = (one) => html`<${Secret} key=${one.name} call=${call} secret=${one} set=${set} again=${again} />`;
  return html`
    <${Card} title=${t("secrets.title")} hint=${t("secrets.hint")} aside=${value?.length > 0 &&
      add} data-testid="secrets">
      <${Table}>
          ${answer && !answer.ok && html`<${Callout} tone="bad" title=${say(answer.text)} />`}
          ${value && (value.length ? value.map(line) : html`<${Empty} of="secrets">${add}</${Empty}>`)}
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
  const users = listed(secret.used_by.map((agent) => agent.name));
  const actions = call.may("set_secret") && [
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

const whereTo = (hosts) => (hosts.length ? t("secrets.only", { hosts: listed(hosts) }) : t("secrets.anywhere"));

function SecretDialog({ call, secret, close }) {
  const [given, setGiven] = useState(() => blank(secret));
  const [wrong, setWrong] = useState({});
  const save = async () => {
    const refused = await keep(call, given, !secret.name);
    if (refused) setWrong(refused);
    else close(true);
  };
  const does = { label: t("common.save"), id: "secret-save", onClick: save };
  return html`
    <${Dialog} title=${t("secrets.add")} close=${close} does=${does} id="secret-dialog">
      <${SecretFields} secret=${secret} given=${given} change=${setGiven} wrong=${wrong} />
      </${Dialog}>
  `;
}
