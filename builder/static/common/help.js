// "?" tells which keys there are.

import { html } from "preact";
import { Dialog, open } from "./dialog.js";
import { t } from "./texts.js";

const EVERYWHERE = { "?": "help.help", "Esc": "help.esc", "Tab": "help.tab" };
const BUILD = {
  "↑ ↓ ← →": "help.walk",
  "Enter": "help.enter",
  "Alt + ↑ ↓ ← →": "help.move",
  "Ctrl + D": "help.duplicate",
  "Ctrl + C / X / V": "help.copy",
  "Delete": "help.delete",
  "Ctrl + Z / Ctrl + Shift + Z": "help.undo",
};
const PLAY = { "Enter": "help.send", "Shift + Enter": "help.newline" };

export function showHelp() {
  if (!document.querySelector("dialog[open]")) void open(Help);
}

function Help({ close }) {
  const here = { build: BUILD, play: PLAY }[location.pathname.split("/").pop()] ?? {};
  const row = ([keys, key]) => [html`<dt key=${keys}><kbd>${keys}</kbd></dt>`, html`<dd key=${key}>${t(key)}</dd>`];
  return html`
    <${Dialog} title=${t("help.title")} close=${close} id="help-dialog">
      <dl class="hy-keys">${Object.entries({ ...here, ...EVERYWHERE }).map(row)}</dl>
      </${Dialog}>
  `;
}

/** Not while somebody types: there "?" is a question mark. */
export function listenForHelp() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { target } = event;
    const typing = "input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]";
    if (target instanceof Element && target.closest(typing)) return;
    event.preventDefault();
    showHelp();
  });
}
