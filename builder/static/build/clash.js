// What two people changed otherwise: both are shown, and one of them is chosen.

import { html, useState } from "preact";
import { Button, Callout } from "../common/elements.js";
import { t } from "../common/texts.js";
import { Value } from "../difference/fields.js";
import { Words } from "../difference/words.js";
import { meet } from "./together.js";

const SIDES = ["mine", "theirs"];

/** `children`: what else can be done. */
export function Clashes({ work, clashes, children }) {
  const [chosen, setChosen] = useState({});
  const take = () => {
    work.banner = null;
    return meet(work, { chosen });
  };
  const rest = clashes.filter(({ key }) => !chosen[key]).length;
  return html`
    <div class="hy-stack" data-testid="clashes">
      <${Callout} tone="warn" title=${t("clash.title")} detail=${t("clash.hint")}>
          <${Button} label=${t("clash.take")} look="primary" id="clash-take" disabled=${rest > 0} onClick=${take} />
          ${children}
        </${Callout}>
        ${clashes.map((clash) =>
          html`
            <${Choice} key=${clash.key} clash=${clash} work=${work} chosen=${chosen[clash.key]}
              choose=${(side) => setChosen({ ...chosen, [clash.key]: side })} />
          `
        )}
      </div>
  `;
}

function Choice({ clash, work, chosen, choose }) {
  const { key, block, path } = clash;
  const place = [block && work.nameOf(block), ...path].filter(Boolean).join(" › ");
  const side = (name) =>
    html`<label key=${name} class="hy-clash ${chosen === name ? "chosen" : ""}">
      <span><input type="radio" name=${`clash-${key}`} checked=${chosen === name} data-testid="clash-${name}"
        onChange=${() => choose(name)} /> ${t(`clash.${name}`)}</span>
      ${
      clash.pieces[name].length
        ? html`<${Words} pieces=${clash.pieces[name]} />`
        : html`<${Value} value=${clash[name]} plain />`
    }
    </label>`;
  return html`<fieldset class="hy-clashes"><legend>${place}</legend>${SIDES.map(side)}</fieldset>`;
}
