// "?" tells which keys there are.

import { h } from "./dom.js";
import { dialog } from "./overlay.js";
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
  if (document.querySelector("dialog[open]")) return;
  const here = { build: BUILD, play: PLAY }[location.pathname.split("/").pop()] ?? {};
  const rows = Object.entries({ ...here, ...EVERYWHERE });
  dialog(
    t("help.title"),
    h("dl", { class: "hy-keys" }, rows.map(([keys, key]) => [h("dt", {}, h("kbd", {}, keys)), h("dd", {}, t(key))])),
    [],
    { id: "help-dialog" },
  );
}

/** Not while somebody types: there "?" is a question mark. */
export function listenForHelp() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.("input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]")) return;
    event.preventDefault();
    showHelp();
  });
}
