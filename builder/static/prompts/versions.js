// What a template was before: when, and what became of it word by word; going back to it.

import { html, useState } from "preact";
import { Dialog } from "../common/dialog.js";
import { Button } from "../common/elements.js";
import { Empty } from "../common/empty.js";
import { useLoad } from "../common/load.js";
import { told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { ago, moment, t } from "../common/texts.js";
import { Words } from "../difference/words.js";

/** `now`: what is being edited. Closes with the languages of the version that is taken. */
export function Versions({ call, id, now, close }) {
  const { value, instead } = useLoad(call, "versions", { id }, { part: true });
  const line = (one) => html`<${Version} key=${one.key} call=${call} id=${id} one=${one} now=${now} close=${close} />`;
  const nothing = html`
    <${Empty} of="prompt_versions">
      <${Button} label=${t("empty.prompt_versions.go")} onClick=${() => close()} />
      </${Empty}>
  `;
  return html`
    <${Dialog} title=${t("prompts.versions")} close=${close} size="wide" id="prompt-versions-dialog">
      ${instead ?? (value.length ? html`<${Table}>${value.map(line)}</${Table}>` : nothing)}
      </${Dialog}>
  `;
}

function Version({ call, id, one, now, close }) {
  const [found, setFound] = useState(null);
  const look = async () => setFound(found ? null : told(await call("compare", { id, key: one.key, now })));
  const take = async () => {
    const { languages } = found ?? told(await call("compare", { id, key: one.key, now })) ?? {};
    if (languages) close(languages);
  };
  const actions = [
    html`
      <${Button} key="look" label=${t("prompts.compare")} id="version-compare" aria-expanded=${String(Boolean(found))}
        onClick=${look} />
    `,
    html`<${Button} key="take" label=${t("prompts.take_version")} id="version-take" onClick=${take} />`,
  ];
  const below = found && html`<div class="hy-line-result">${
    Object.entries(found.pieces).map(([code, pieces]) =>
      html`
        <div key=${code}>
          <h3>${t(`prompts.in.${code}`)}</h3>
          <${Words} pieces=${pieces} />
        </div>
      `
    )
  }</div>`;
  return html`<${Line} id="prompt-version" actions=${actions} below=${below}>
    <b>${moment(one.at)}</b> <span class="faint">${ago(one.at)}</span>
  </${Line}>`;
}
