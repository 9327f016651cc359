// Passwords off for all but one owner.

import { html, useState } from "preact";
import { confirmed } from "../common/dialog.js";
import { Button, Callout, Card } from "../common/elements.js";
import { Field, Select } from "../common/field.js";
import { told } from "../common/server.js";
import { t } from "../common/texts.js";

export function OnlyCard({ call, all, again }) {
  const { only, may } = all;
  const [named, setNamed] = useState(only.break_glass || only.owners[0]?.id || "");
  const put = async (on) => {
    const sure = !on || await confirmed(t("sso.only.sure"), t("sso.only.sure.hint", { name: named }), t("sso.only.on"));
    if (sure && told(await call("switch_only", { on, break_glass: on ? named : "" }))) await again();
  };
  const who = ({ id, name }) => [id, name ? `${name} (${id})` : id];
  return html`
    <${Card} title=${t("sso.only")} hint=${t("sso.only.hint")} data-testid="sso-only">
      ${only.on
        ? html`<${Callout} tone="accent" title=${t("sso.only.is_on", { name: only.break_glass })}>
          ${
          may.all &&
          html`<${Button} label=${t("sso.only.off")} id="only-off" onClick=${() => put(false)} />`
        }
          </${Callout}>`
        : !only.proved
        ? html`<p class="faint">${t("sso.only.not_yet")}</p>`
        : !may.all
        ? html`<p class="faint">${t("sso.only.owner")}</p>`
        : html`
          <${Field} id="break-glass" label=${t("sso.only.who")} hint=${t("sso.only.who.hint")}>
            <${Select} id="break-glass" value=${named} options=${only.owners.map(who)} onChange=${setNamed} />
            </${Field}>
            <div class="hy-row">
              <${Button} label=${t("sso.only.on")} id="only-on" onClick=${() => put(true)} />
            </div>
        `}
      </${Card}>
  `;
}
