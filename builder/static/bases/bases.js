// What agents answer from: every base, or the one that the address names.

import { html, useEffect, useState } from "preact";
import { show } from "../common/show.js";
import { Dialog, open } from "../common/dialog.js";
import { Button, Callout, Card, Head, Link, Pill } from "../common/elements.js";
import { Calm, Empty } from "../common/empty.js";
import { Field, Input } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { caller, told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { listed, say, t } from "../common/texts.js";
import { leftBy } from "../common/undo.js";
import { Base } from "./base.js";

const chosen = () => new URLSearchParams(location.search).get("base") || "";
const addressOf = (id) => `./bases?base=${encodeURIComponent(id)}`;

export function mount({ element, page }) {
  const call = caller(page);
  show(
    chosen() ? html`<${Base} call=${call} page=${page} id=${chosen()} />` : html`<${Bases} call=${call} />`,
    element,
  );
}

function Bases({ call }) {
  const { value, instead, again } = useLoad(call, "overview");
  useEffect(() => leftBy("./bases", call, again), []);
  if (instead) return instead;
  const create = () => open(NewDialog, { call });
  const add = call.may("create") && html`
    <${Button} label=${t("bases.new")} look="primary" icon="plus" id="new-base" onClick=${() => void create()} />
  `;
  return html`
    <div class="hy-page">
      <${Head} title=${t("bases.title")} hint=${t("bases.subtitle")}>
          <${Link} label=${t(
            "deleted.title",
          )} href="./deleted" icon="trash" look="quiet" id="to-deleted" />${value.bases.length > 0 && add}
        </${Head}>
        ${value.broken.map(({ id, text }) =>
          html`<${Callout} key=${id} tone="bad" title=${t("bases.broken", { id })} detail=${say(text)} />`
        )}
        <${Card}>
          ${value.bases.length
            ? html`<${Table}>${value.bases.map((one) => html`<${BaseLine} key=${one.id} base=${one} />`)}</${Table}>`
            : !call.may("create")
            ? html`
              <${Calm} of="no_bases" />
            `
            : html`
              <${Empty} of="bases">${add}</${Empty}>
            `}
          </${Card}>
      </div>
  `;
}

function BaseLine({ base }) {
  const { id, name, description, sources, passages, working, unread, used_by: users } = base;
  return html`<${Line} id="base-${id}">
    <div class="hy-row">
      <h2><a href=${addressOf(id)}>${name}</a></h2>
      ${working > 0 && html`<${Pill} tone="accent">${t("bases.working", { n: working })}</${Pill}>`}
      ${unread > 0 && html`<${Pill} tone="warn">${t("bases.unread", { n: unread })}</${Pill}>`}
    </div>
    ${description && html`<p class="soft">${description}</p>`}
    <p class="faint">${t("bases.size", { sources, passages })}${
    users.length > 0 && ` · ${t("bases.used_by", { names: listed(users) })}`
  }</p>
  </${Line}>`;
}

function NewDialog({ call, close }) {
  const [name, setName] = useState("");
  const make = async () => {
    const made = told(await call("create", { name }));
    if (made) location.assign(addressOf(made.id));
  };
  const does = { label: t("bases.create"), id: "base-create", onClick: make };
  return html`
    <${Dialog} title=${t("bases.new")} close=${close} does=${does} id="base-dialog">
      <${Field} id="base-name" label=${t("bases.name")} hint=${t("bases.name.hint")}>
        <${Input} id="base-name" value=${name} onChange=${setName} onEnter=${make} autofocus
          placeholder=${t("bases.name.placeholder")} />
        </${Field}>
        </${Dialog}>
  `;
}
