// The page on which people talk to the agent: its address, its code, and the tag that brings it into another site.

import { html } from "preact";
import { outward } from "../common/address.js";
import { CopyField } from "../common/copy.js";
import { Card, Icon, More } from "../common/elements.js";
import { t } from "../common/texts.js";
import { Outside } from "./address_card.js";
import { Code } from "./scan.js";

export function PageCard(context) {
  const { seen, publication: { page } } = context;
  if (!page) return null;
  const address = outward(page.path, seen.public_url);
  const { origin } = new URL(address);
  const preview = html`
    <a class="hy-btn primary" href=${address} target="_blank" rel="noopener" data-testid="page-open">
      <${Icon} name="globe" /><span>${t("page.preview")}</span></a>
  `;
  return html`
    <${Card} title=${t("page.title")} hint=${t("page.hint")} aside=${preview} data-testid="page-card">
      <div class="hy-stack">
        <${Outside} ...${context} />
        <${Line} name="address" label=${t("page.address")} value=${address} />
        ${page.rows.length > 0 && html`
          <${More} title=${t("page.code")} data-testid="page-code">
            <${Code} rows=${page.rows} label=${t("page.code")} />
            </${More}>
        `}
        <${Line} name="tag" label=${t("page.tag")} value=${`<script src="${address}/${page.widget}" async></script>`} />
        <p class="soft">${t("page.tag.hint")}</p>
        <${More} title=${t("page.policy")}>
          <div class="hy-stack">
            <p class="soft">${t("page.policy.hint")}</p>
            <${CopyField} value=${policy(origin)} />
          </div>
        </${More}>
      </div>
    </${Card}>
  `;
}

const Line = ({ name, label, value }) =>
  html`
    <div class="hy-field" data-testid="page-${name}">
      <div class="label">${label}</div>
      <${CopyField} value=${value} id="page-${name}-copy" />
    </div>
  `;

/** What a site with a policy of its own adds to it. */
const policy = (origin) =>
  `script-src ${origin}; connect-src ${origin} ${origin.replace(/^http/, "ws")}; img-src ${origin}`;
