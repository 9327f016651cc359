// The messages of Gradio's chat are HTML of ours (builder/inert_chat.py): a copy gets what was written.

import { html, render } from "preact";
import { here } from "../common/address.js";
import { CopyButton } from "../common/copy.js";

const SAID = /<div class="hy-said" data-said="([^"]*)">.*?<\/div>/g;

/** `html` as Gradio holds it, with what was written in its place. */
export function asWritten(html) {
  return html.replaceAll(SAID, (_, said) => unescaped(said));
}

/** Let copies from the chat be what was written, and code have a button for it. */
export function tidyChat(column) {
  copyAsWritten();
  const tidy = () => {
    for (const link of column.querySelectorAll(".hy-said a[href*='/made/']")) {
      const there = here(link.getAttribute("href"));
      if (there !== link.getAttribute("href")) link.setAttribute("href", there);
    }
    for (const box of column.querySelectorAll(".edit-textarea")) {
      const words = asWritten(box.value);
      if (words === box.value) continue;
      box.value = words;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    for (const block of column.querySelectorAll(".hy-said pre:not(:has(> .hy))")) {
      const code = block.textContent;
      const place = Object.assign(document.createElement("span"), { className: "hy" });
      render(html`<${CopyButton} text=${() => code} />`, place);
      block.prepend(place);
    }
  };
  new MutationObserver(tidy).observe(column, { subtree: true, childList: true });
  tidy();
}

let isTidy = false;

function copyAsWritten() {
  const { clipboard } = navigator;
  if (!clipboard || isTidy) return; // only where the page is secure there is one
  const write = clipboard.writeText.bind(clipboard);
  clipboard.writeText = (text) => write(asWritten(String(text)));
  isTidy = true;
}

function unescaped(text) {
  return new DOMParser().parseFromString(`<p>${text}</p>`, "text/html").body.textContent;
}
