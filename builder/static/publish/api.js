// The agent as an API: keys, and what to send.

import { html } from "preact";
import { outward } from "../common/address.js";
import { CopyButton, CopyField } from "../common/copy.js";
import { confirmed, Dialog, open } from "../common/dialog.js";
import { Button, Callout, Card } from "../common/elements.js";
import { Empty } from "../common/empty.js";
import { told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { ago, t } from "../common/texts.js";
import { Outside } from "./address_card.js";
import { Releases } from "./canary.js";
import { TakeBack } from "./versions.js";

export function ApiCard(context) {
  const { call, agent, channel, publication, seen, again } = context;
  const base = outward("", seen.public_url).replace(/\/+$/, "");
  const go = async () => told(await call("go_live", { agent, channel: channel.name, given: {} })) && again();
  const publishes = call.may("go_live", agent);
  if (!publication) {
    return publishes && html`
      <${Card}>
        <${Empty} of="api">
          <${Button} label=${t("api.open.go")} look="primary" icon="send" id="go-live" onClick=${go} />
          </${Empty}>
          </${Card}>
    `;
  }
  return html`
    <div class="hy-stack">
      <${Keys} ...${context} />
      <${Outside} ...${context} />
      <${Example} name="api.chat" code=${chat(base)} />
      <${Example} name="api.openai" code=${openai(base, agent)} />
      <${Example} name="api.mcp" code=${mcp(base, agent)} />
      <${ToAgents} ...${context} base=${base} />
      ${publishes && [html`<${Releases} ...${context} />`, html`<${TakeBack} ...${context} />`]}
    </div>
  `;
}

function Keys({ call, agent, seen, again }) {
  const create = async () => {
    const made = told(await call("create_key", { agent }));
    if (made) open(NewKey, { secret: made.key }).then(again);
  };
  const revoke = async ({ id, prefix }) => {
    const sure = await confirmed(t("api.revoke.title", { prefix }), t("api.revoke.hint"), t("api.revoke"));
    if (sure && told(await call("revoke_key", { id }))) await again();
  };
  const creator = call.may("create_key", agent) &&
    html`<${Button} label=${t("api.create")} look="primary" icon="plus" id="create-key" onClick=${create} />`;
  const line = (one) => {
    const away = call.may("revoke_key") &&
      html`<${Button} label=${t("api.revoke")} look="danger" id="revoke-key" onClick=${() => revoke(one)} />`;
    const about = [t("api.created", { when: ago(one.created_at) }), ...limits(one)].join(" · ");
    return html`
      <${Line} key=${one.id} id="api-key"
        actions=${away}><code>${one.prefix}…</code><p class="faint">${about}</p></${Line}>
    `;
  };
  return html`<${Card} title=${t("api.keys")} hint=${t("api.keys.hint")} aside=${seen.keys.length > 0 && creator}>
    ${
    seen.keys.length
      ? html`<${Table}>${seen.keys.map(line)}</${Table}>`
      : html`<${Empty} of="keys">${creator}</${Empty}>`
  }
  </${Card}>`;
}

function limits(key) {
  const set = Object.entries(key.limits).filter(([, most]) => most);
  return set.map(([name, most]) => t(`api.limit.${name}`, { most: most.toLocaleString() }));
}

/** A key is shown once. */
function NewKey({ secret, close }) {
  const done = html`<${Button} label=${t("api.once.done")} look="primary" id="key-done" onClick=${() => close()} />`;
  return html`
    <${Dialog} title=${t("api.once")} close=${close} footer=${done}>
      <div class="hy-stack">
        <${Callout} tone="warn" title=${t("api.once.title")} detail=${t("api.once.hint")} />
        <${CopyField} value=${secret} data-testid="new-key" />
      </div>
      </${Dialog}>
  `;
}

function Example({ name, code }) {
  const copy = html`<${CopyButton} text=${() => code} />`;
  return html`
    <${Card} title=${t(name)} hint=${t(`${name}.hint`)} aside=${copy}>
      <pre class="hy-pre" tabindex="0">${code}</pre>
      </${Card}>
  `;
}

/** For agents of others: where they ask, and whether anybody may see what this one is. */
function ToAgents({ call, agent, publication, base, again }) {
  const shown = publication.settings?.public_card === true;
  const given = { public_card: shown ? "false" : "true" };
  const change = async () => {
    if (told(await call("rotate_it", { publication: publication.id, given }))) await again();
  };
  const label = t(shown ? "api.a2a.hide" : "api.a2a.show");
  const button = call.may("rotate_it", publication.id) &&
    html`<${Button} label=${label} id="public-card" onClick=${change} />`;
  const address = `${base}/a2a/${agent}`;
  return html`
    <${Card} title=${t("api.a2a")} hint=${t(shown ? "api.a2a.shown" : "api.a2a.hint")}>
      <div class="hy-stack">
        <${CopyField} value=${address} data-testid="a2a-address" />
        ${button && html`<p class="hy-row">${button}</p>`}
      </div>
      </${Card}>
  `;
}

const chat = (base) =>
  `curl ${base}/agent/chat \\
  -H "Authorization: Bearer hy-…" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify({ input: t("api.question"), context_id: "u-1" })}'`;

const openai = (base, agent) =>
  `curl ${base}/v1/chat/completions \\
  -H "Authorization: Bearer hy-…" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify({ model: agent, messages: [{ role: "user", content: t("api.question") }] })}'`;

/** What Claude, Cursor and others take as a server of theirs. */
const mcp = (base, agent) =>
  JSON.stringify(
    { mcpServers: { [agent]: { type: "http", url: `${base}/mcp`, headers: { Authorization: "Bearer hy-…" } } } },
    null,
    2,
  );
