// Links by which anybody may read this chat, until they expire or are taken back.

import { html, useState } from "preact";
import { confirmed, Dialog } from "../common/dialog.js";
import { Button, Callout } from "../common/elements.js";
import { Field, Select } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { OutwardField } from "../common/outward.js";
import { told } from "../common/server.js";
import { moment, t } from "../common/texts.js";

const DAYS = [1, 7, 30];

export function Share({ call, id, chat, tip, close }) {
  const [days, setDays] = useState("7");
  const [made, setMade] = useState(null); // {token, public}
  const { value: links, again, instead } = useLoad(call, "shared_links", { id }, { part: true });
  const make = async () => {
    const answer = await call("share_chat", { id, chat, tip, days: Number(days) });
    if (!told(answer)) return;
    setMade(answer.value);
    again();
  };
  const revoke = async (key) => {
    const sure = await confirmed(t("share.revoke.title"), t("share.revoke.hint"), t("share.revoke"));
    if (sure && told(await call("revoke_link", { id, key }))) setMade(null), again();
  };
  return html`
    <${Dialog} title=${t("share.title")} close=${close} id="share-dialog">
      <p>${t("share.what")}</p>
      <div class="hy-row">
        <${Field} id="share-days" label=${t("share.days")}>
          <${Select} id="share-days" value=${days} onChange=${setDays}
            options=${DAYS.map((n) => [String(n), t("share.n_days", { n })])} />
          </${Field}>
        <${Button} look="primary" icon="link" label=${t("share.make")} id="share-make" disabled=${!chat}
          onClick=${make} />
      </div>
      ${made && html`
        <${Callout} tone="ok" title=${t("share.once")} />
        <${OutwardField} path=${`shared/${made.token}`} publicUrl=${made.public} id="share-link" />
      `}
      ${instead}
      ${links?.length > 0 && html`
        <h3>${t("share.links")}</h3>
        <ul class="hy-chat-list">${links.map((one) =>
          html`
            <li key=${one.key} class="hy-row" data-testid="share-row">
              <span class="hy-chat-name">${one.name || t("chats.unnamed")}</span>
              <small class="faint">${t("share.until", { at: moment(one.until) })}</small>
              <${Button} label=${t("share.revoke")} id="share-revoke" onClick=${() => revoke(one.key)} />
            </li>
          `
        )}</ul>
      `}
    </${Dialog}>
  `;
}
