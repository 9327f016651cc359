// An account that is joined by a scan: the code, what the phone asks for, how far it is.

import { html, useState } from "preact";
import { Button, Callout, Card } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";

export function Scan({ call, publication, state: { scan } }) {
  if (!scan) return null;
  const ask = async () => told(await call("new_code", { publication: publication.id }));
  return html`
    <${Card} title=${t("scan.title")} data-testid="scan">
      <div class="hy-stack">
        <div role="status" aria-live="polite" data-testid="scan-state">
          <${Callout} tone=${scan.tone} title=${say(scan.title)} detail=${say(scan.hint)} />
        </div>
        ${scan.rows.length > 0 && html`<${Code} rows=${scan.rows} />`}
        ${scan.link && html`<p class="soft">${t("scan.same_phone")} <a href=${scan.link} rel="noreferrer"
          target="_blank" data-testid="scan-link">${t("scan.open")}</a></p>`}
        ${scan.computer && html`<p class="soft">${t("scan.computer")} <a href=${scan.computer} rel="noopener"
          referrerpolicy="origin" target="_blank" data-testid="scan-computer">${t("scan.open")}</a></p>`}
        ${scan.wants_digits && html`<${Digits} call=${call} publication=${publication} />`}
        ${scan.may_ask && html`
          <div>
            <${Button} label=${t("scan.new")} look="primary" icon="refresh" id="new-code"
              onClick=${ask} />
          </div>
        `}
      </div>
      </${Card}>
  `;
}

/** Dark on light whatever the page's colours are: that is what phones read. */
export function Code({ rows, label = t("scan.code") }) {
  const size = rows.length;
  const dark = rows.flatMap((row, y) => [...row].flatMap((one, x) => one === "1" ? [`M${x} ${y}h1v1h-1z`] : []));
  return html`
    <svg class="hy-scan-code" viewBox="0 0 ${size} ${size}" role="img" aria-label=${label}
      data-testid="scan-code" shape-rendering="crispEdges">
      <rect width=${size} height=${size} fill="#fff" />
      <path d=${dark.join("")} fill="#000" />
    </svg>
  `;
}

function Digits({ call, publication }) {
  const [digits, setDigits] = useState("");
  const [wrong, setWrong] = useState("");
  const enter = async () => {
    const answer = await call("enter_digits", { publication: publication.id, digits });
    setWrong(answer.ok ? "" : say(answer.text));
    if (answer.ok) told(answer), setDigits("");
  };
  return html`
    <${Field} id="scan-digits" label=${t("scan.digits")} wrong=${wrong}>
      <div class="hy-list-row">
        <${Input} id="scan-digits" value=${digits} wrong=${wrong} onChange=${setDigits} onEnter=${enter} />
        <${Button} label=${t("scan.enter")} look="primary" id="scan-enter" onClick=${enter} />
      </div>
      </${Field}>
  `;
}
