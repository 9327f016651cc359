// Where an agent can be published: families of surfaces, and a search once there are many.

import { html, useState } from "preact";
import { Icon, More, Pill } from "../common/elements.js";
import { Input } from "../common/field.js";
import { PATHS } from "../common/icons.js";
import { say, t } from "../common/texts.js";
import { families } from "./families.js";

const MANY = 9; // from so many on they are searched

/** `own`: names of those that are published already or looked at; the others are folded away then. */
export function Places({ channels, own, tile, tiles }) {
  const mine = channels.filter(({ name }) => own.has(name));
  const others = channels.filter(({ name }) => !own.has(name));
  return html`
    <div class="hy-channels" ref=${tiles} role="group" aria-label=${t("publish.where")}>
      ${mine.length > 0 && html`<div class="hy-family" data-testid="own-channels">${mine.map(tile)}</div>`}
      ${mine.length > 0
        ? html`
          <${More} title=${t("publish.elsewhere", { n: others.length })} data-testid="other-channels">
            <${Families} channels=${others} tile=${tile} />
            </${More}>
        `
        : html`<${Families} channels=${others} tile=${tile} />`}
    </div>
  `;
}

/** `tile`: draws one of them. */
function Families({ channels, tile }) {
  const [typed, setTyped] = useState("");
  const found = families(channels, typed, say);
  const family = ({ id, title, channels }) =>
    html`
      <section key=${id} role="group" aria-label=${say(title)} data-testid="family-${id}">
        <h2>${say(title)}</h2>
        <div class="hy-family">${channels.map(tile)}</div>
      </section>
    `;
  return html`
    <div class="hy-families">
      ${channels.length >= MANY && html`
        <${Input} id="find-channel" kind="search" value=${typed} onChange=${setTyped} placeholder=${t("publish.find")}
          aria-label=${t("publish.find")} />
      `}
      ${found.map(family)}
      ${!found.length && html`<p class="soft" role="status">${t("publish.found_none")}</p>`}
    </div>
  `;
}

/** Its name, how it stands, and whom it is for. */
export function Tile({ channel, standing, chosen, choose }) {
  const { name, title, hint, audience, color } = channel;
  const icon = channel.icon in PATHS ? channel.icon : "chat";
  return html`
    <button type="button" class="hy-starter hy-channel ${chosen ? "chosen" : ""}" aria-pressed=${String(chosen)}
      data-testid="channel-${name}" onClick=${() => choose(name)}>
      <span class="hy-starter-icon" style=${{ "--place": color }}><${Icon} name=${icon} size=${18} /></span>
      <span>
        <span class="hy-row"><b>${say(title)}</b>${standing}</span>
        <span class="soft hint">${say(hint)}</span>
        <span class="hy-row">
          <${Pill}>${t(`audience.${audience}`)}</${Pill}>
          ${!channel.public_address && html`<${Pill} tone="ok">${t("publish.no_address")}</${Pill}>`}
        </span>
      </span>
    </button>
  `;
}
