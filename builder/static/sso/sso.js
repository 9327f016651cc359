// Who signs people in besides a password.

import { html, useState } from "preact";
import { show } from "../common/show.js";
import { CopyField } from "../common/copy.js";
import { confirmed, open } from "../common/dialog.js";
import { Button, Card, Head, Icon, Pill } from "../common/elements.js";
import { Empty } from "../common/empty.js";
import { useLoad } from "../common/load.js";
import { openMenu } from "../common/menu.js";
import { caller, told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { ago, say, t } from "../common/texts.js";
import { OnlyCard } from "./only.js";
import { backOf, ProviderDialog } from "./provider.js";

export const mount = ({ element, page }) => show(html`<${Sso} call=${caller(page)} />`, element);

function Sso({ call }) {
  const { value, instead, again } = useLoad(call, "overview");
  if (instead) return instead;
  const { providers, may } = value;
  const edit = async (one) => (await open(ProviderDialog, { call, one, all: value })) && again();
  const add = may.edit && html`
    <${Button} label=${t("sso.add")} look="primary" icon="plus" id="add-provider" onClick=${() => void edit(null)} />
  `;
  return html`
    <div class="hy-page">
      <${Head} title=${t("sso.title")} hint=${t("sso.hint")}>
        ${providers.length > 0 && add}
        </${Head}>
        <${Card} title=${t("sso.card")} data-testid="providers">
          <${Table}>${providers.map((one) =>
            html`<${Provider} key=${one.id} call=${call} one=${one} all=${value} edit=${edit} again=${again} />`
          )}</${Table}>
          ${providers.length === 0 && html`<${Empty} of="sso">${add}</${Empty}>`}
        </${Card}>
        <${OnlyCard} call=${call} all=${value} again=${again} />
      </div>
  `;
}

function Provider({ call, one, all, edit, again }) {
  const [found, setFound] = useState(null);
  const kind = all.kinds.find(({ id }) => id === one.kind);
  const check = async () => {
    const answer = await call("check", { id: one.id });
    if (answer.ok) setFound(answer.value);
    else told(answer);
  };
  const remove = async () => {
    const title = t("sso.remove.title", { name: one.name });
    if (!await confirmed(title, t("sso.remove.hint"), t("common.remove"))) return;
    if (told(await call("remove", { id: one.id }))) await again();
  };
  const rest = [{ title: t("common.remove"), icon: "trash", testid: "remove-provider", run: () => void remove() }];
  const actions = all.may.edit && [
    html`<${Button} label=${t("sso.check")} icon="check" id="check-provider" onClick=${check} />`,
    one.may_change && html`<${Button} label=${t("common.edit")} id="edit-provider" onClick=${() => void edit(one)} />`,
    one.may_change && html`
      <${Button} icon="more" look="quiet icon" title=${t("nav.more")} id="provider-more" aria-haspopup="menu"
        onClick=${({ currentTarget }) => openMenu(currentTarget, t("nav.more"), rest)} />
    `,
  ];
  return html`
    <${Line} id="provider-${one.id}" actions=${actions} below=${html`
      <${Below} one=${one} base=${all.public_url} found=${found} />
    `}>
      <div class="hy-row">
        <h3>${one.name}</h3>
        <${Pill}>${say(kind.title)}</${Pill}>
        ${!one.enabled && html`<${Pill} tone="warn">${t("sso.off")}</${Pill}>`}
        ${one.fixed && html`<${Pill}>${t("sso.fixed")}</${Pill}>`}
      </div>
      <p class="soft">${one.issuer || one.client_id}</p>
      <p class="faint">${one.last_at ? t("sso.used", { n: one.people, when: ago(one.last_at) }) : t("sso.unused")}</p>
      </${Line}>
  `;
}

/** Where the provider leads back to, and what a check said. */
function Below({ one, base, found }) {
  return html`
    <div class="hy-line-result hy-sso-below">
      <label class="faint" for="back-${one.id}">${t("sso.back")}</label>
      <${CopyField} id="back-${one.id}" value=${backOf(one.id, base)} />
      ${found && html`
        <ul role="status" data-testid="findings">${found.map(({ ok, says, hint }) =>
          html`<li key=${says.en} class=${ok ? "ok" : "bad"}>
            <${Icon} name=${ok ? "check" : "warning"} /><span>${say(says)}${hint && html`<br />${say(hint)}`}</span>
          </li>`
        )}</ul>
      `}
    </div>
  `;
}
