// The bell: what happened while somebody was away, and what of it they have not read yet.

import { html, useEffect, useState } from "preact";
import { Dialog, open } from "./dialog.js";
import { Button, Icon } from "./elements.js";
import { Calm } from "./empty.js";
import { at } from "./root.js";
import { caller } from "./server.js";
import { say, t } from "./texts.js";

const call = caller("bar");
const QUIET = { quiet: true };
const LATER = 600; // ms after the page has begun, which comes first

/** `told(value)`: what the server knows, once. */
export function Bell({ told }) {
  const [notices, setNotices] = useState([]);
  const look = async () => {
    const { ok, value } = await call("bell", {}, QUIET);
    if (ok) setNotices(value.notices);
    return ok ? value : null;
  };
  useEffect(() => {
    const soon = setTimeout(async () => told(await look()), LATER);
    return () => clearTimeout(soon);
  }, []);
  const unread = notices.filter(({ read }) => !read).length;
  const show = async () => {
    const found = (await look())?.notices ?? notices;
    void open(Notices, { notices: found });
    await call("have_read", { keys: found.map(({ key }) => key) }, QUIET);
    setNotices(found.map((one) => ({ ...one, read: true })));
  };
  const title = unread ? t("bell.unread", { n: unread }) : t("bell.title");
  return html`<span class="hy-bell">
    <${Button} icon="bell" look="quiet icon" title=${title} id="nav-bell" onClick=${show} />
    ${unread > 0 && html`<span class="hy-badge" aria-hidden="true" data-testid="bell-unread">${unread}</span>`}
  </span>`;
}

function Notices({ notices, close }) {
  const footer = html`<${Button} label=${t("common.close")} autofocus onClick=${() => close()} />`;
  return html`
    <${Dialog} title=${t("bell.title")} close=${close} footer=${footer} id="bell-dialog">
      ${notices.length
        ? html`<ul class="hy-notices">${notices.map((one) => html`<${Notice} key=${one.key} notice=${one} />`)}</ul>`
        : html`<${Calm} of="notices" />`}
      </${Dialog}>
  `;
}

function Notice({ notice: { tone, title, text, to, read } }) {
  return html`
    <li class="hy-notice ${tone}" data-testid="notice">
      <${Icon} name=${tone === "accent" ? "info" : "warning"} size=${18} />
      <div>
          <b>${to ? html`<a href=${at(to)}>${say(title)}</a>` : say(title)}</b>
          ${!read && html`<span class="hy-pill accent">${t("bell.new")}</span>`}
          ${say(text) && html`<p class="soft">${say(text)}</p>`}
        </div>
    </li>
  `;
}
