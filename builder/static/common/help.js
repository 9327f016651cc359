// "?" tells which keys there are.

import { html } from "preact";
import { Dialog, open } from "./dialog.js";
import { Button, Link } from "./elements.js";
import { at } from "./root.js";
import { here } from "./shortcuts.js";
import { t } from "./texts.js";
import { beginTour } from "./tour.js";

export function showHelp(page) {
  if (!document.querySelector("dialog[open]")) void open(Help, { page });
}

function Help({ page, close }) {
  const row = ({ keys, says }) => [
    html`<dt key=${keys}><kbd>${keys}</kbd></dt>`,
    html`<dd key="${keys}-does">${typeof says === "function" ? says() : t(says)}</dd>`,
  ];
  const footer = [
    html`<${Link} label=${t("manual.contents")} href=${at("manual/blocks")} icon="book" />`,
    html`<${Button} label=${
      t("find.do.tour")
    } icon="flag" id="help-tour" onClick=${() => (close(), beginTour(page))} />`,
  ];
  return html`
    <${Dialog} title=${t("help.title")} close=${close} footer=${footer} id="help-dialog">
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
