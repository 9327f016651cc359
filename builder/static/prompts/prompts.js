// Every prompt template, or the one that the address names.

import { html, useRef, useState } from "preact";
import { show } from "../common/show.js";
import { download } from "../common/copy.js";
import { confirmed, Dialog, open } from "../common/dialog.js";
import { Button, Callout, Card, Head, Link, Pill } from "../common/elements.js";
import { Calm, Empty } from "../common/empty.js";
import { Field, Input } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { MenuButton } from "../common/menu.js";
import { caller, told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { lang, listed, say, t } from "../common/texts.js";
import { toast } from "../common/toast.js";
import { gone } from "../common/undo.js";
import { TemplatePage } from "./template.js";

const LARGEST = 200_000; // bytes of a file
const chosen = () => new URLSearchParams(location.search).get("prompt") || "";
const addressOf = (id) => `./prompts?prompt=${encodeURIComponent(id)}`;

export function mount({ element, page }) {
  const call = caller(page);
  const id = chosen();
  show(id ? html`<${TemplatePage} call=${call} id=${id} />` : html`<${Prompts} call=${call} />`, element);
}

function Prompts({ call }) {
  const { value, instead, again } = useLoad(call, "overview");
  const [word, setWord] = useState("");
  if (instead) return instead;
  const found = value.templates.filter((one) => fits(one, word));
  const own = found.filter((one) => !one.given);
  const given = found.filter((one) => one.given);
  const line = (one) => html`<${TemplateLine} key=${one.id} call=${call} one=${one} again=${again} />`;
  const nothing = word ? html`<p class="soft">${t("prompts.not_found")}</p>` : !call.may("create")
    ? html`
      <${Calm} of="no_prompts" />
    `
    : html`
      <${Empty} of="prompts">
        <${NewButton} call=${call} />
        </${Empty}>
    `;
  return html`
    <div class="hy-page">
      <${Head} title=${t("prompts.title")} hint=${t("prompts.subtitle")}>
          <${Link} label=${t("deleted.title")} href="./deleted" icon="trash" look="quiet" id="to-deleted" />
          ${call.may("import_template") && html`<${ImportButton} call=${call} />`}
          ${call.may("create") && value.templates.some((one) => !one.given) && html`<${NewButton} call=${call} />`}
        </${Head}>
        ${value.hidden.map((one) => html`<${Callout} key=${one.id} tone="warn" title=${say(one.text)} />`)}
        <${Input} kind="search" id="prompts-search" value=${word} onChange=${setWord} placeholder=${t("prompts.search")}
          aria-label=${t("prompts.search")} />
        <${Card} title=${t("prompts.own")} data-testid="prompts-own">${own.length
          ? html`<${Table}>${own.map(line)}</${Table}>`
          : nothing}</${Card}>
          ${given.length > 0 &&
            html`
              <${Card} title=${t("prompts.given")} hint=${t("prompts.given.hint")}>
                <${Table}>${given.map(line)}</${Table}></${Card}>
            `}
      </div>
  `;
}

const fits = ({ id, languages }, word) =>
  JSON.stringify([id, languages]).toLowerCase().includes(word.trim().toLowerCase());

/** The language to show it in: the reader's if it is written in that, else English. */
const languageOf = ({ languages }) => [lang, "en"].find((code) => code in languages) ?? Object.keys(languages)[0];

/** What people call it. */
export const titleOf = (one) => one.languages[languageOf(one)]?.title ?? one.id;

function TemplateLine({ call, one, again }) {
  const { id, given, languages, broken, used_by: users } = one;
  const code = languageOf(one);
  const about = languages[code]?.description;
  const used = users.length > 0 && t("prompts.used_by", { names: listed(users) });
  const below = given ? used : html`<code>${id}</code>${used && ` · ${used}`}`;
  return html`<${Line} id="prompt-${id}" actions=${html`<${Actions} call=${call} one=${one} again=${again} />`}>
    <div class="hy-row">
      <h3>${broken ? id : html`<a href=${addressOf(id)} lang=${code}>${titleOf(one)}</a>`}</h3>
      ${Object.keys(languages).map((code) => html`<${Pill} key=${code}>${t(`prompts.in.${code}`)}</${Pill}>`)}
      ${broken && html`<${Pill} tone="bad">${t("prompts.broken")}</${Pill}>`}
    </div>
    ${(about || broken) && html`<p class="soft" lang=${broken ? null : code}>${broken ? say(broken) : about}</p>`}
    ${below && html`<p class="faint">${below}</p>`}
  </${Line}>`;
}

function Actions({ call, one, again }) {
  const { id, given, broken } = one;
  const copy = async () => {
    const made = told(await call("copy", { id }));
    if (made) location.assign(addressOf(made.id));
  };
  const rename = async () => (await open(RenameDialog, { call, id })) && again();
  const remove = async () => {
    const names = listed(one.used_by);
    const asks = names && !(await confirmed(
      t("prompts.remove.title", { title: titleOf(one) }),
      t("prompts.remove.used", { names }),
      t("common.remove"),
    ));
    if (asks) return;
    await gone(call, "delete", { id }, again);
  };
  const entries = [
    !broken && call.may("export") &&
    { title: t("prompts.export"), icon: "download", testid: "prompt-export", run: () => save(call, id) },
    !given && !broken && call.may("rename_template") &&
    { title: t("prompts.rename"), icon: "pencil", testid: "prompt-rename", run: rename },
    !given && call.may("delete") &&
    { title: t("common.remove"), icon: "trash", danger: true, testid: "prompt-remove", run: remove },
  ].filter(Boolean);
  return [
    !broken && call.may("copy") &&
    html`<${Button} key="copy" label=${t("prompts.copy")} icon="copy" id="prompt-copy" onClick=${copy} />`,
    entries.length > 0 && html`
      <span class="hy-menu-root" key="more">
        <${MenuButton} title=${t("prompts.more", { title: titleOf(one) })} entries=${entries} id="prompt-more" />
      </span>
    `,
  ];
}

/** Its files, one a language. */
export async function save(call, id) {
  for (const { name, text } of told(await call("export", { id })) ?? []) download(name, text);
}

function NewButton({ call }) {
  const create = async () => {
    const made = told(await call("create", { lang }));
    if (made) location.assign(addressOf(made.id));
  };
  return html`<${Button} label=${t("prompts.new")} look="primary" icon="plus" id="new-prompt" onClick=${create} />`;
}

function ImportButton({ call }) {
  const input = useRef(null);
  const take = async ({ target }) => {
    const [file] = target.files;
    target.value = "";
    if (!file) return;
    if (file.size > LARGEST) return toast(t("prompts.import.large"), { tone: "bad" });
    const made = told(await call("import_template", { name: file.name, text: await file.text() }));
    if (made) location.assign(addressOf(made.id));
  };
  return html`
    <input type="file" accept=".j2,.txt,.md" hidden ref=${input} data-testid="prompt-file" aria-label=${t(
      "prompts.import",
    )}
      onChange=${take} />
    <${Button} label=${t("prompts.import")} icon="upload" id="import-prompt" onClick=${() => input.current.click()} />
  `;
}

/** Closes with the new id. */
export function RenameDialog({ call, id, close }) {
  const [to, setTo] = useState(id);
  const [wrong, setWrong] = useState("");
  const rename = async () => {
    const answer = await call("rename_template", { id, to });
    if (!answer.ok && answer.field === "id") return setWrong(say(answer.text));
    if (told(answer)) close(to);
  };
  const does = { label: t("prompts.rename"), id: "rename-do", onClick: rename };
  return html`
    <${Dialog} title=${t("prompts.rename")} close=${close} does=${does} id="rename-dialog">
      <${Field} id="rename-id" label=${t("prompts.id")} hint=${t("prompts.id.hint")} wrong=${wrong}>
        <${Input} id="rename-id" value=${to} onChange=${setTo} onEnter=${rename} wrong=${wrong} code
          autofocus />
        </${Field}>
        </${Dialog}>
  `;
}
