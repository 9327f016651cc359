// Shown where a page needs an agent and the address names none.

import { html } from "preact";
import { Card, Head, Link } from "./elements.js";
import { Calm, Empty } from "./empty.js";
import { useLoad } from "./load.js";
import { useOpens } from "./opens.js";
import { href } from "./server.js";
import { t } from "./texts.js";

export function PickAgent({ call, page }) {
  const { value: agents, instead } = useLoad(call, "names");
  const opens = useOpens();
  if (instead) return instead;
  const card = ({ id, name, description }) =>
    html`
      <a key=${id} class="hy-starter" href=${href(page, id)}>
        <span class="hy-starter-icon">${[...name][0]}</span>
        <span><b>${name}</b><span class="soft">${description}</span></span>
      </a>
    `;
  if (agents.length) {
    return html`
      <div class="hy-page">
        <${Head} title=${t("pick.title")} hint=${t(`pick.${page}`)} />
        <div class="hy-starters">${agents.map(card)}</div>
      </div>
    `;
  }
  return html`
    <div class="hy-page">
      <${Head} title=${t(`nav.${page}`)} />
      <${Card}>
        ${opens("#new")
          ? html`
            <${Empty} of="pick">
              <${Link} label=${t("agents.new")} href="./#new" look="primary" icon="plus" />
              </${Empty}>
          `
          : html`<${Calm} of="no_agents" />`}
          </${Card}>
          </div>
  `;
}
