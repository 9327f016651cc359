// What models cost, and may cost in a day.

import { html } from "preact";
import { open } from "../common/dialog.js";
import { Button, Card, Pill } from "../common/elements.js";
import { useLoad } from "../common/load.js";
import { Line, Table } from "../common/table.js";
import { inDollars, lang, listed, t } from "../common/texts.js";
import { RowsDialog } from "./rows.js";

const CURRENCIES = [["USD", "$"], ["CNY", "¥"]];
const COLUMNS = {
  prices: [["id", "text"], ["input", "number"], ["output", "number"], ["currency", "choice", CURRENCIES]],
  budgets: [["id", "text"], ["tokens", "number"], ["money", "number"], ["currency", "choice", CURRENCIES]],
};

/** `models`: those that are set up. */
export function MoneyCards({ call, models }) {
  const { value, again } = useLoad(call, "money");
  if (!value) return null;
  const edit = async (kind) => {
    const blank = { id: models[0] ?? "", currency: "USD" };
    const save = (rows) =>
      kind === "prices"
        ? call("set_prices", { prices: rows, before: value.prices })
        : call("set_budgets", { budgets: rows, before: value.budgets });
    const given = { title: t(`money.${kind}`), hint: t(`money.${kind}.hint`), texts: kind, columns: COLUMNS[kind] };
    if (await open(RowsDialog, { ...given, rows: value[kind], blank, save, call, again })) await again();
  };
  const change = (kind) =>
    call.may("set_prices") &&
    html`<${Button} label=${t("common.edit")} id="edit-${kind}" onClick=${() => void edit(kind)} />`;
  return html`
    <${Card} title=${t("money.budgets")} hint=${t("money.budgets.hint")} aside=${change("budgets")}
      data-testid="budgets">
      <${Table}>${value.budgets.map((one) => html`<${Budget} key=${one.id} ...${one} />`)}</${Table}>
      </${Card}>
    <${Card} title=${t("money.prices")} hint=${t("money.prices.hint")} aside=${change("prices")}
      data-testid="prices"><${Table}>${value.prices.map((one) => html`<${Price} key=${one.id} ...${one} />`)}</${Table}>
      </${Card}>
  `;
}

const sign = (currency) => (currency === "CNY" ? "¥" : "$");

function Budget({ id, tokens, money, currency, left, spent }) {
  const most = tokens !== null && t("money.tokens", { n: tokens.toLocaleString(lang) });
  const bounds = [most, money !== null && `${sign(currency)}${money}`].filter(Boolean);
  const values = {
    tokens: spent.tokens.toLocaleString(lang),
    cost: inDollars(spent.cost ?? 0),
    bounds: listed(bounds),
  };
  return html`
    <${Line} id="budget-${id}">
      <div class="hy-row">
        <h3><code>${id}</code></h3>
        <${Pill} tone=${left > 20 ? "ok" : left > 0 ? "warn" : "bad"}>${t("money.left", { left })}</${Pill}></div>
        <p class="soft">${t("money.spent", values)}</p>
      </${Line}>
  `;
}

const Price = ({ id, input, output, currency }) =>
  html`
    <${Line} id="price-${id}">
      <h3><code>${id}</code></h3>
      <p class="soft">${t("money.price", { input, output, sign: sign(currency) })}</p>
      </${Line}>
  `;
