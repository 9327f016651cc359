// Whoever writes the other side tries it: a right call to copy, and what is understood of one that is pasted.

import { html, useEffect, useState } from "preact";
import { outward } from "../common/address.js";
import { CopyButton } from "../common/copy.js";
import { Button, Callout, Card, Pill } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";

export function TryCalls({ call, seen, publication }) {
  const [example, setExample] = useState(/** @type {any} */ (null));
  const [pasted, setPasted] = useState("");
  const [found, setFound] = useState(null);
  useEffect(
    () =>
      void call("example", { publication: publication.id, base: outward("", seen.public_url) }).then(({ ok, value }) =>
        ok && setExample(value)
      ),
    [
      publication.id,
    ],
  );
  const look = async () => setFound(told(await call("understood", { publication: publication.id, pasted })));
  return html`
    <${Card} title=${t("calls.title")} hint=${t("calls.hint")} data-testid="try-calls">
      <div class="hy-stack">
        ${example && html`
          <div class="hy-field">
            <div class="label">${t("calls.example")}</div>
            <pre class="hy-pre" tabindex="0" data-testid="call-example">${say(example)}</pre>
            <div>
              <${CopyButton} text=${() => say(example)} id="copy-call" />
            </div>
          </div>
        `}
        <${Field} id="pasted-call" label=${t("calls.pasted")} hint=${t("calls.pasted.hint")}>
          <${Input} id="pasted-call" rows=${5} code=${true} value=${pasted} onChange=${setPasted} />
          </${Field}>
        <div><${Button} label=${t("calls.look")} id="look-at-call" disabled=${!pasted.trim()} onClick=${look} /></div>
        <div aria-live="polite">${found && html`<${Found} ...${found} />`}</div>
      </div>
      </${Card}>
  `;
}

function Found({ messages, fields, problems }) {
  const row = ({ title, value }) =>
    html`
      <div key=${say(title)}>
        <dt>${say(title)}</dt>
        <dd>${value}</dd>
      </div>
    `;
  return html`
    <div class="hy-stack" data-testid="understood">
      ${messages > 0 && html`
        <div>
          <${Pill} tone="ok">${t("calls.messages", { n: messages })}</${Pill}></div>
      `}
      ${fields.length > 0 && html`<dl class="hy-profile">${fields.map(row)}</dl>`}
      ${problems.map((one) => html`<${Callout} key=${say(one)} tone=${messages ? "warn" : "bad"} title=${say(one)} />`)}
    </div>
  `;
}
