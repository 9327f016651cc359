// What can be copied or taken along.

import { html, useState } from "preact";
import { Button } from "./elements.js";
import { t } from "./texts.js";
import { toast } from "./toast.js";

const SHOWN = 1600; // milliseconds that it says "copied"

/** Copy text, also on plain http, where the clipboard API is missing, and where it is refused. Whether it went well. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // the older way may be open all the same
  }
  const from = /** @type {HTMLElement} */ (document.activeElement);
  const area = Object.assign(document.createElement("textarea"), { className: "hy-offscreen", value: text });
  // Nothing beside an open dialog can be selected.
  [document.body, ...document.querySelectorAll("dialog[open]")].pop().append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  from.focus();
  return done;
}

/** `text()`: what is copied. */
export function CopyButton({ text, id = undefined }) {
  const [done, setDone] = useState(false);
  const press = async () => {
    if (!await copy(text())) return toast(t("common.not_copied"), { tone: "bad" });
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
