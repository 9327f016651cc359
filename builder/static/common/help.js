// "?" tells which keys there are.

import { html } from "preact";
import { Dialog, open } from "./dialog.js";
import { here } from "./shortcuts.js";
import { t } from "./texts.js";

export function showHelp(page) {
  if (!document.querySelector("dialog[open]")) void open(Help, { page });
}

function Help({ page, close }) {
  const row = ({ keys, says }) => [
    html`<dt key=${keys}><kbd>${keys}</kbd></dt>`,
    html`<dd key="${keys}-does">${typeof says === "function" ? says() : t(says)}</dd>`,
  ];
  return html`
    <${Dialog} title=${t("help.title")} close=${close} id="help-dialog">
      ${here(page).map(([place, keys]) =>
        html`
          <section key=${place} class="hy-stack tight" aria-label=${t(`help.at.${place}`)}>
            <h3>${t(`help.at.${place}`)}</h3>
            <dl class="hy-keys">${keys.map(row)}</dl>
          </section>
        `
      )}
      </${Dialog}>
  `;
}
