// By whom one signs in besides a password.

import { html } from "preact";
import { confirmed, open } from "../common/dialog.js";
import { Button, Card } from "../common/elements.js";
import { useLoad } from "../common/load.js";
import { at } from "../common/root.js";
import { told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { ago, t } from "../common/texts.js";
import { Ask } from "./second.js";

export function Identities({ call }) {
  const { value, again } = useLoad(call, "my_identities", {}, { part: true });
  if (!value || !value.mine.length && !value.others.length) return null;
  const link = async ({ id, name }) => {
    const ask = (present) => call("begin_link", { provider: id, present });
    const title = t("account.link", { name });
    const begun = value.asks_present
      ? await open(Ask, { title, hint: t("account.link.hint"), label: title, ask })
      : told(await ask(""));
    if (!begun) return;
    const { path, link } = begun;
    location.assign(`${at(path)}?link=${encodeURIComponent(link)}`);
  };
  const unlink = async ({ id, provider }) => {
    const title = t("account.unlink.title", { name: provider });
    if (!await confirmed(title, t("account.unlink.hint"), t("account.unlink"))) return;
    if (told(await call("unlink", { id }))) await again();
  };
  const when = (
    one,
  ) => (one.last_at ? t("people.last", { when: ago(one.last_at) }) : t("account.linked", { when: ago(one.at) }));
  return html`
    <${Card} title=${t("account.identities")} hint=${t("account.identities.hint")} data-testid="my-identities">
      <${Table}>${value.mine.map((one) =>
        html`
          <${Line} key=${one.id} id="identity" actions=${[html`
            <${Button} label=${t("account.unlink")} id="unlink" onClick=${() => unlink(one)} />
          `]}>
            <h3>${one.provider}</h3>
            <p class="faint">${one.label} · ${when(one)}</p>
            </${Line}>
        `
      )}</${Table}>
      <div class="hy-row hy-links">${value.others.map((one) =>
        html`
          <${Button} key=${one.id} label=${t("account.link", { name: one.name })} id="link-${one.id}"
            onClick=${() => void link(one)} />
        `
      )}</div>
      </${Card}>
  `;
}
