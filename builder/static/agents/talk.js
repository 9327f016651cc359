// A starter's conversation, drawn by the phone that shows any other: small on its card, whole in a dialog.

import { html } from "preact";
import { Dialog } from "../common/dialog.js";
import { Button } from "../common/elements.js";
import { lang, say, t } from "../common/texts.js";
import { Bubble, Phone } from "../play/phone.js";

const SHORT = 2; // exchanges on a card
const SPOKEN = lang === "zh" ? "zh-CN" : "en"; // starters speak no third language

const exchangesOf = (talk) => talk.map(({ decided, ...one }) => decided ? { ...one, note: t("starter.decided") } : one);

/** The first of it. */
export const Glimpse = ({ talk }) =>
  html`<span class="hy-glimpse" lang=${SPOKEN} aria-hidden="true">${
    talk.slice(0, SHORT).map(({ asked, parts }, i) => [
      html`<${Bubble} key="a${i}" who="me">${asked}</${Bubble}>`,
      ...parts.map(({ text }, n) => html`<${Bubble} key="s${i}${n}" who="them">${text}</${Bubble}>`),
    ])
  }</span>`;

/** The whole of it, what it needs and where it is of use. Closes with true to begin with it. */
export function TalkDialog({ starter, talk, close }) {
  const { name, description, suits, needs } = starter;
  const footer = [
    html`<${Button} label=${t("common.close")} onClick=${() => close(false)} />`,
    html`<${Button} label=${t("starter.use")} look="primary" id="starter-use" onClick=${() => close(true)} />`,
  ];
  return html`
    <${Dialog} title=${say(name)} close=${close} footer=${footer} id="starter-dialog">
      <div class="hy-stack tight">
        <p>${say(description)}</p>
        ${[needs, suits].map((one) => one && say(one) && html`<p class="soft">${say(one)}</p>`)}
      </div>
      <div lang=${SPOKEN}>
        <${Phone} name=${say(name)} exchanges=${exchangesOf(talk)} names=${{ platform: say(name) }} />
      </div>
      </${Dialog}>
  `;
}
