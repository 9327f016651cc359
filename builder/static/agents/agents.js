// The gallery: every agent as a card, new ones from starters.

import { html, useState } from "preact";
import { show } from "../common/show.js";
import { download } from "../common/copy.js";
import { confirmed, Dialog, open } from "../common/dialog.js";
import { Button, Callout, Card, Head, initial, Link, Pill } from "../common/elements.js";
import { Calm, Empty } from "../common/empty.js";
import { useOpens } from "../common/opens.js";
import { Field, Input } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { MenuButton } from "../common/menu.js";
import { caller, href, told } from "../common/server.js";
import { ago, lang, say, t } from "../common/texts.js";
import { gone } from "../common/undo.js";
import { BringDialog } from "./bring.js";
import { askForForeign } from "./foreign.js";
import { Exported } from "./exported.js";
import { NewDialog } from "./new.js";
import { Starters } from "./starter.js";

export const mount = ({ element, page }) => show(html`<${Agents} call=${caller(page)} page=${page} />`, element);

function Agents({ call, page }) {
  const { value, instead, again } = useLoad(call, "overview");
  const opens = useOpens();
  if (instead) return instead;
  const { agents, broken, groups, restored, model_ready: modelReady } = value;
  const create = () => open(NewDialog, { call, groups });
  const bring = async (given = []) => {
    const brought = await open(BringDialog, { page, given });
    if (!brought) return;
    await again();
    if (brought.secrets.length || brought.may.length) await askForForeign(call, brought).then(again);
    if (brought.product) location.assign(href("build", brought.id));
  };
  const add = html`<${Begin} call=${call} create=${create} bring=${bring} />`;
  const dropped = (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length && call.may("bring")) void bring([...event.dataTransfer.files]);
  };
  return html`
    <div class="hy-page" data-testid="agents-page" onDrop=${dropped} onDragOver=${(event) => event.preventDefault()}>
      <${Head} title=${t("agents.title")} hint=${t("agents.subtitle")}>
          <${Link} label=${t("deleted.title")} href="./deleted" icon="trash" look="quiet" id="to-deleted" />
          ${(agents.length > 0 || !call.may("create")) && add}
        </${Head}>
        ${restored > 0 && call.may("release") && html`<${HeldBack} call=${call} n=${restored} again=${again} />`}
        ${!modelReady && opens("#add-model") &&
          html`
            <${Callout} tone="accent" title=${t("agents.demo.title")} detail=${t("agents.demo.hint")}>
              <${Link} label=${t("agents.demo.action")} href="./models" />
              </${Callout}>
          `}
        ${broken.length > 0 && html`<${BrokenFiles} broken=${broken} />`}
        ${agents.length > 0
          ? html`<div class="hy-cards">${
            agents.map((agent) => html`<${AgentCard} key=${agent.id} call=${call} agent=${agent} again=${again} />`)
          }</div>`
          : !call.may("create")
          ? html`
            <${Card}>
              <${Calm} of="no_agents" />
              </${Card}>
          `
          : html`<${Welcome} call=${call} groups=${groups} add=${add} />`}
      </div>
  `;
}

const Begin = ({ call, create, bring }) => [
  call.may("bring") &&
  html`<${Button} key="import" label=${t("agents.import")} icon="upload" id="import" onClick=${() => void bring()} />`,
  call.may("create") &&
  html`<${Button} key="new" label=${t("agents.new")} look="primary" icon="plus" id="new" onClick=${() =>
    void create()} />`,
];

/** Messages of a backup or a copied folder: somebody may have answered them since. */
function HeldBack({ call, n, again }) {
  const settle = async (answer) => {
    told(answer);
    if (answer.ok) await again();
  };
  const drop = async () => {
    const title = t("agents.restored.drop.title", { n });
    if (await confirmed(title, t("agents.restored.drop.hint"), t("agents.restored.drop"))) settle(await call("drop"));
  };
  return html`
    <${Callout} tone="warn" title=${t("agents.restored.title", { n })} detail=${t("agents.restored.hint")}>
      <${Button} label=${t("agents.restored.drop")} id="drop-restored" onClick=${drop} />
      <${Button} label=${t("agents.restored.release")} id="release-restored"
        onClick=${async () => settle(await call("release"))} />
      </${Callout}>
  `;
}

function Welcome({ call, groups, add }) {
  const start = async ({ id, name }) => {
    const made = told(await call("create", { starter: id, name: id ? say(name) : t("new.blank.name"), lang }));
    if (made) location.assign(href("build", made.id));
  };
  return html`
    <${Card}>
      <${Empty} of="agents">${add}</${Empty}>
        <${Starters} call=${call} groups=${groups} start=${start} />
        </${Card}>
  `;
}

function AgentCard({ call, agent, again }) {
  const { id, name } = agent;
  const build = href("build", id);
  const opens = useOpens();
  const entries = actionsOf(call, agent, again);
  return html`
    <article class="hy-card hy-agent" data-testid="agent-${id}">
      <header>
        <a class="hy-agent-mark" href=${build} tabindex="-1" aria-hidden="true">${initial(name)}</a>
        <h2><a href=${build}>${name}</a></h2>
        ${entries.length > 0 && html`<${MenuButton} title=${t("agents.more", { name })} entries=${entries} />`}
      </header>
      <p class="hy-agent-about">${agent.description || t("agents.no_description")}</p>
      <footer><${State} agent=${agent} /><span class="faint">${agent.updated ? ago(agent.updated) : ""}</span></footer>
      <div class="hy-agent-actions">
        <${Link} label=${t("nav.build")} href=${build} icon="pencil" />
        ${opens("play") && html`<${Link} label=${t("nav.play")} href=${href("play", id)} icon="chat" />`}
        <${Link} label=${t("nav.publish")} href=${href("publish", id)} icon="send" />
      </div>
    </article>
  `;
}

function actionsOf(call, agent, again) {
  const { id } = agent;
  const rename = async () => (await open(RenameDialog, { call, agent })) && again();
  const duplicate = async () => told(await call("duplicate", { id })) && again();
  const save = async () => {
    const file = told(await call("export", { id }));
    if (file) download(file.name, file.text);
  };
  const toDify = async () => {
    const file = told(await call("export_as", { id, product: "dify" }));
    if (file) await open(Exported, { file });
  };
  const toFolder = async () => {
    const file = told(await call("export_folder", { id }));
    if (file) download(file.name, Uint8Array.from(atob(file.base64), (one) => one.charCodeAt(0)), "application/zip");
  };
  const away = () => remove(call, agent, again);
  return [
    call.may("rename", id) && { title: t("agents.rename"), icon: "pencil", testid: "rename", run: rename },
    call.may("duplicate") && { title: t("agents.duplicate"), icon: "copy", testid: "duplicate", run: duplicate },
    ...(call.may("export", id)
      ? [
        { title: t("agents.export"), icon: "download", testid: "export", run: save },
        { title: t("agents.export_folder"), icon: "download", testid: "export-folder", run: toFolder },
        { title: t("agents.export_dify"), icon: "download", testid: "export-dify", run: toDify },
      ]
      : []),
    call.may("delete", id) &&
    { title: t("agents.delete"), icon: "trash", testid: "delete", danger: true, run: away },
  ].filter(Boolean);
}

async function remove(call, { id, name, published }, again) {
  const title = t("agents.delete.live.title", { name });
  if (published && !(await confirmed(title, t("agents.delete.live.hint"), t("agents.delete")))) return;
  await gone(call, "delete", { id }, again);
}

function RenameDialog({ call, agent, close }) {
  const [name, setName] = useState(agent.name);
  const save = async () => told(await call("rename", { id: agent.id, name })) && close(true);
  const does = { label: t("common.save"), id: "rename-save", onClick: save };
  return html`
    <${Dialog} title=${t("agents.rename")} close=${close} does=${does}>
      <${Field} id="rename-input" label=${t("agents.name")}>
        <${Input} id="rename-input" value=${name} onChange=${setName} onEnter=${save} autofocus
          onFocus=${(event) => event.target.select()} />
        </${Field}>
        </${Dialog}>
  `;
}

function State({ agent }) {
  const { version } = agent;
  if (agent.draft) return html`<${Pill} tone="warn">${t("state.unsaved_draft")}</${Pill}>`;
  if (!agent.published) return html`<${Pill}>${t("state.draft")}</${Pill}>`;
  return agent.changed
    ? html`<${Pill} tone="accent">${t("state.changed", { version })}</${Pill}>`
    : html`<${Pill} tone="ok">${t("state.published", { version })}</${Pill}>`;
}

function BrokenFiles({ broken }) {
  return html`<section class="hy-stack tight" aria-label=${t("agents.broken.title")}>${
    broken.map(({ name, reason }) =>
      html`<${Callout} key=${name} tone="bad" title=${t("agents.broken.one", { name })} detail=${say(reason)} />`
    )
  }</section>`;
}
