// Bringing the program onto a server: what to type there.

import { html, useEffect, useState } from "preact";
import { CopyButton } from "../common/copy.js";
import { Callout, Card, More } from "../common/elements.js";
import { told } from "../common/server.js";
import { t } from "../common/texts.js";

/** A closed section that asks for the commands when it is opened, and again when the address is another. */
export function OnServer({ call, publicUrl }) {
  const [open, setOpen] = useState(false);
  const [found, setFound] = useState(null);
  useEffect(() => {
    if (open) call("on_server").then((answer) => setFound(told(answer)));
  }, [open, publicUrl]);
  const { example, files } = found || { files: {} };
  return html`
    <${More} title=${t("server.title")} data-testid="server" onToggle=${(event) => setOpen(event.target.open)}>
      <div class="hy-stack">
          ${found && html`<p class="soft">${t("server.hint")}</p>`}
          ${example &&
            html`<${Callout} tone="warn" title=${t("server.domain", { example })} detail=${t("server.domain.hint")} />`}
          ${Object.entries(files).map(([file, steps]) => html`<${File} key=${file} file=${file} steps=${steps} />`)}
        </div>
      </${More}>
  `;
}

function File({ file, steps }) {
  const lines = steps.join(" &&\n"); // one command: a password that sudo asks for does not swallow the rest
  const copy = html`<${CopyButton} text=${() => lines} id="copy-${file}" />`;
  return html`
    <${Card} title=${t(`server.${file}`)} hint=${t(`server.${file}.hint`)} aside=${copy} data-testid="server-${file}">
      <pre class="hy-pre" tabindex="0">${lines}</pre>
      </${Card}>
  `;
}
