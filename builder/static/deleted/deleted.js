// What was deleted in the last 30 days: had back, or gone for good.

import { html, useState } from "preact";
import { show } from "../common/show.js";
import { confirmed } from "../common/dialog.js";
import { Button, Callout, Card, Head, Icon, More, Pill } from "../common/elements.js";
import { Calm } from "../common/empty.js";
import { Input } from "../common/field.js";
import { followed, useLoad } from "../common/load.js";
import { at } from "../common/root.js";
import { caller, told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { ago, say, t } from "../common/texts.js";
import { toast } from "../common/toast.js";

const ICONS = {
  agent: "spark",
  prompt: "text",
  base: "book",
  source: "page",
  rules: "box",
  words: "text",
  description: "chat",
  chat: "chat",
};
const SOON = 3; // days

export const mount = ({ element, page }) => show(html`<${Deleted} call=${caller(page)} />`, element);

function Deleted({ call }) {
  const { value, instead, again } = useLoad(call, "overview");
  return instead ?? html`<${Lines} call=${followed(call, again)} value=${value} looked=${again} />`;
}

function Lines({ call, value, looked }) {
  const again = () => looked().then(() => requestAnimationFrame(onward));
  const [word, setWord] = useState("");
  const { lines, broken, more } = value;
  const found = lines.filter((one) => fits(one, word));
  const empty = async () => {
    const title = t("deleted.empty.title", { n: lines.length + more });
    if (!(await confirmed(title, t("deleted.empty.hint"), t("deleted.empty")))) return;
    if (told(await call("empty", { before: lines[0].at }))) await again();
  };
  return html`
    <div class="hy-page" data-testid="deleted-page">
      <${Head} title=${t("deleted.title")} hint=${t("deleted.subtitle")}>
          ${lines.length > 0 && call.may("empty") &&
            html`<${Button} label=${t("deleted.empty")} icon="trash" id="empty-deleted" onClick=${empty} />`}
        </${Head}>
        ${broken.map((one) =>
          html`<${Callout} key=${one.kind} tone="bad" title=${t(`deleted.kind.${one.kind}`)} detail=${say(one.text)} />`
        )}
        ${lines.length > 0 &&
          html`
            <${Input} kind="search" id="deleted-search" value=${word} onChange=${setWord}
              placeholder=${t("deleted.search")} aria-label=${t("deleted.search")} />
          `}
        <${Card}>${!lines.length
          ? html`<${Calm} of="deleted" />`
          : found.length
          ? html`<${Table}>${
            found.map((one) => html`<${Row} key=${one.kind + one.token} call=${call} one=${one} again=${again} />`)
          }</${Table}>`
          : html`<p class="soft">${t("deleted.not_found")}</p>`}</${Card}>
        ${more > 0 && html`<p class="faint">${t("deleted.more", { n: more })}</p>`}
        <${More} title=${t("deleted.others")} data-testid="deleted-others">
          <p class="soft">${t("deleted.others.why")}</p>
        </${More}>
      </div>
  `;
}

const fits = ({ name, id, kind, within }, word) =>
  [name, id, within, t(`deleted.kind.${kind}`)].join("\n").toLowerCase().includes(word.trim().toLowerCase());

function Row({ call, one, again }) {
  const { kind, token, id, name, by, left, within } = one;
  const where = within || (name === id ? "" : id);
  const when = by ? t("deleted.by", { when: ago(one.at), by }) : ago(one.at);
  const buttons = call.may("restore") && [
    html`
      <${Button} key="back" label=${t("deleted.restore")} icon="undo" id="restore-deleted"
        title=${t("deleted.restore.of", { name })} onClick=${() => restore(call, one, again)} />
    `,
    html`
      <${Button} key="drop" icon="trash" look="quiet icon" id="drop-deleted" title=${t("deleted.drop.of", { name })}
        onClick=${() => drop(call, one, again)} />
    `,
  ];
  return html`
    <${Line} id="deleted-${kind}-${token}" actions=${buttons}>
      <div class="hy-row">
        <${Icon} name=${ICONS[kind]} size=${18} />
        <h3>${name}</h3>
        <${Pill}>${t(`deleted.kind.${kind}`)}</${Pill}>
          <${Pill} tone=${left < SOON ? "warn" : ""}>${t("deleted.left", { n: left })}</${Pill}>
        </div>
        <p class="faint">${where && html`<code>${where}</code>`}${where && " · "}${when}</p>
      </${Line}>
  `;
}

async function restore(call, { kind, token, name }, again) {
  let answer = await call("restore", { kind, token });
  if (!answer.ok && answer.code === "Taken") {
    const beside = await confirmed(t("deleted.taken.title", { name }), t("deleted.taken.hint"), t("deleted.taken"));
    if (!beside) return;
    answer = await call("restore", { kind, token, renamed: true });
  }
  if (!answer.ok) return ended(answer, again);
  const to = at(answer.value.to);
  toast(say(answer.text), { action: { label: t("deleted.open"), run: () => location.assign(to) } });
  await again();
}

async function drop(call, { kind, token, name }, again) {
  const sure = await confirmed(t("deleted.drop.title", { name }), t("deleted.drop.hint"), t("deleted.drop"));
  if (sure) await ended(await call("drop", { kind, token }), again);
}

/** What another page had back, or dropped, is shown no longer. */
async function ended(answer, again) {
  if (told(answer) || answer.code === "NotFound") await again();
}

/** The button that was pressed is gone: whoever goes by keys goes on at the next one. */
function onward() {
  if (document.activeElement !== document.body) return;
  const heading = document.querySelector("h1");
  heading.tabIndex = -1;
  (/** @type {HTMLElement} */ (document.querySelector("[data-testid=restore-deleted]")) ?? heading).focus();
}
