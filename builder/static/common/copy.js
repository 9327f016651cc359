// What can be copied or taken along.

import { html, useState } from "preact";
import { Button } from "./elements.js";
import { t } from "./texts.js";

const SHOWN = 1600; // milliseconds that it says "copied"

/** Copy text, also on plain http, where the clipboard API is missing. */
async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return await navigator.clipboard.writeText(text);
  const area = Object.assign(document.createElement("textarea"), { className: "hy-offscreen", value: text });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** `text()`: what is copied. */
export function CopyButton({ text, id = undefined }) {
  const [done, setDone] = useState(false);
  const press = async () => {
    await copy(text());
    setDone(true);
    setTimeout(() => setDone(false), SHOWN);
  };
  return html`
    <${Button} label=${t(done ? "common.copied" : "common.copy")} icon=${done ? "check" : "copy"}
      look=${done ? "done" : ""} id=${id} onClick=${press} />
  `;
}

export function CopyField({ value, id = undefined, ...rest }) {
  return html`
    <div class="hy-copy"
      ...${rest}><code tabindex="0">${value}</code><${CopyButton} text=${() => value} id=${id} /></div>
  `;
}

/** Save text, or bytes, as a file on the reader's computer. */
export function download(name, content, type = "application/json") {
  const url = URL.createObjectURL(new Blob([content], { type }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
