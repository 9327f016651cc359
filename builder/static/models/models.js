// The models that are set up, and adding one.

import { html, useState } from "preact";
import { show } from "../common/show.js";
import { confirmed, open } from "../common/dialog.js";
import { Button, Callout, Card, Head, More, Pill } from "../common/elements.js";
import { Calm, Empty } from "../common/empty.js";
import { Field, Select } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { caller, told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { say, t } from "../common/texts.js";
import { ModelDialog, Offered } from "./edit.js";
import { Health, keysOf } from "./health.js";
import { MoneyCards } from "./money.js";
import { RowsDialog } from "./rows.js";
import { RulesCard } from "./rules.js";
import { SecretsCard } from "./secrets.js";
import { UsualCard } from "./usual.js";

/** With the name that tells it from others of the same provider. */
const titleOf = ({ title, name, provider }) => (name === provider ? say(title) : `${say(title)} · ${name}`);

export const mount = ({ element, page }) => show(html`<${Models} call=${caller(page)} />`, element);

function Models({ call }) {
  const { value, instead, again } = useLoad(call, "overview");
  if (instead) return instead;
  const { endpoints, providers } = value;
  const edit = async (endpoint) => {
    const taken = endpoints.map(({ name }) => name);
    if (await open(ModelDialog, { call, providers, endpoint, taken })) await again();
  };
  const add = call.may("set_up") &&
    html`<${Button} label=${t("models.add")} look="primary" icon="plus" id="add-model" onClick=${() =>
      void edit({})} />`;
  return html`
    <div class="hy-page">
      <${Head} title=${t("models.title")} hint=${t("models.subtitle")}>${endpoints.length > 0 && add}</${Head}>
        ${endpoints.length
          ? [
            html`<${DefaultCard} call=${call} ...${value} again=${again} />`,
            html`
              <${Card}>
                <${Table}>${endpoints.map((one) =>
                  html`
                    <${Endpoint} key=${one.name} call=${call} endpoint=${one} chosen=${value.default_model} edit=${edit}
                      again=${again} unwell=${value.unwell} />
                  `
                )}</${Table}></${Card}>
            `,
            html`<${RulesCard} call=${call} models=${[...value.routes, ...namesOf(endpoints)]} again=${again} />`,
            html`<${MoneyCards} call=${call} models=${namesOf(endpoints)} />`,
            html`<${UsualCard} call=${call} usual=${value.usual} models=${namesOf(endpoints)} />`,
          ]
          : !call.may("set_up")
          ? html`
            <${Card}>
              <${Calm} of="no_models" />
              </${Card}>
          `
          : html`
            <${Card}>
              <${Empty} of="models">${add}</${Empty}>
                </${Card}>
          `}
        ${call.may("list_secrets") && html`<${SecretsCard} call=${call} />`}
      </div>
  `;
}

const namesOf = (endpoints) => endpoints.flatMap(({ name, models }) => models.map((model) => `${name}/${model}`));

function DefaultCard({ call, endpoints, routes, default_model: chosen, again }) {
  const all = [...routes, ...namesOf(endpoints)];
  if (chosen && !all.includes(chosen)) all.unshift(chosen);
  const options = all.map((model) => [model, model]);
  const make = async (model) => told(await call("make_default", { model })) && again();
  return html`
    <${Card}>
      <${Field} id="default-model" label=${t("models.default")} hint=${t("models.default.hint")}>
        <${Select} id="default-model" value=${chosen} onChange=${make} disabled=${!call.may("make_default")}
          options=${chosen ? options : [["", t("models.default.none")], ...options]} />
        </${Field}>
        </${Card}>
  `;
}

function Endpoint({ call, endpoint, chosen, edit, again, unwell }) {
  const { name, models, api_base: base } = endpoint;
  const [said, setSaid] = useState(null);
  const test = async () => {
    setSaid({ title: t("models.asking"), detail: t("models.asking.hint") });
    const answer = await call("test", { name });
    setSaid({ tone: answer.ok ? "ok" : "bad", title: say(answer.text), more: answer.value?.models ?? [] });
  };
  const take = async (model) => told(await call("add_model", { name, model })) && again();
  const remove = async () => {
    const sure = await confirmed(t("models.remove.title", { name }), t("models.remove.hint"), t("common.remove"));
    if (sure && told(await call("remove", { name }))) await again();
  };
  const actions = call.may("set_up") && [
    html`<${Button} label=${t("models.test")} id="test-model" onClick=${test} />`,
    html`<${Button} label=${t("keys.title")} id="keys" onClick=${async () =>
      (await open(RowsDialog, keysOf(call, endpoint))) && again()} />`,
    html`<${Button} label=${t("common.edit")} onClick=${() => void edit(endpoint)} />`,
    html`<${Button} icon="trash" look="quiet icon" title=${t("common.remove")} id="remove-model" onClick=${remove} />`,
  ];
  const below = html`<div class="hy-line-result" aria-live="polite">${
    said && html`<${Callout} ...${said}>${
      said.more?.length > 0 && html`
        <${More} title=${t("models.more", {
          n: said.more.length,
        })} open=${said.more.length < 20}>
          <${Offered} models=${said.more} take=${take} />
          </${More}>
      `
    }</${Callout}>`
  }</div>`;
  return html`<${Line} id="endpoint-${name}" actions=${actions} below=${below}>
    <div class="hy-row">
      <h2>${titleOf(endpoint)}</h2>
      ${chosen.startsWith(`${name}/`) && html`<${Pill} tone="accent">${t("models.is_default")}</${Pill}>`}
      ${!endpoint.has_key && endpoint.needs_key && html`<${Pill} tone="warn">${t("models.no_key")}</${Pill}>`}
    </div>
    <p class="soft"><code>${models.map((model) => `${name}/${model}`).join("  ·  ") || `${name}/…`}</code></p>
    ${base && html`<p class="faint">${base}</p>`}
    <${Health} endpoint=${endpoint} unwell=${unwell} />
  </${Line}>`;
}
