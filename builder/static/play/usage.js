// One line under the chat: which model, how many tokens, how long, how much.

import { html, useLayoutEffect, useState } from "preact";
import { caller } from "../common/server.js";
import { show } from "../common/show.js";
import { lasting, listed, money, t } from "../common/texts.js";
import { Voice } from "./voice.js";

export function mount({ element, page, props, watch }) {
  show(html`<${Usage} call=${caller(page)} props=${props} watch=${watch} />`, element);
}

function Usage({ call, props, watch }) {
  const [usage, setUsage] = useState(props.value);
  useLayoutEffect(() => void watch("value", () => setUsage(props.value)), []);
  return html`<${Used} call=${call} usage=${usage} />`;
}

/** What a turn used; `part`: beside others, without a word where there is nothing. */
export function Used({ call, usage, part = false }) {
  if (!usage?.models) return part ? null : html`<p class="faint hy-usage">${t("usage.none")}</p>`;
  if (!usage.over && !usage.models.length) return html`<p class="faint hy-usage">${t("usage.running")}</p>`;
  const items = [
    ["model", listed(usage.models) || t("usage.no_model")],
    ["tokens", `${usage.estimated ? "≈ " : ""}${usage.prompt_tokens} + ${usage.completion_tokens}`],
    ["first", usage.first_token_ms === null ? "—" : lasting(usage.first_token_ms)],
    ["total", lasting(usage.ms)],
    ["cost", price(usage)],
  ];
  const item = ([key, value]) =>
    html`
      <div key=${key} data-testid="usage-${key}">
        <dt>${t(`usage.${key}`)}</dt>
        <dd>${value}</dd>
      </div>
    `;
  return html`
    ${usage.voice && html`<${Voice} call=${call} voice=${usage.voice} />`}
    <dl class="hy-usage">${items.map(item)}</dl>
  `;
}

const price = ({ cost, models }) => money(models.length ? cost : 0);
