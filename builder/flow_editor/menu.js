/** Pop-up lists: the add menu, a block's own menu, suggestions. The browser's popover closes them. */

import { fill, h, unique } from "./dom.js";
import { icon } from "./icons.js";
import { tile } from "./card.js";

const MANY = 10; // entries from which a search field helps

/** Open a menu at an element: entries [{title, hint?, icon?, kind?, keys?, danger?, disabled?, testid?, run}]. */
export function menu(editor, anchor, label, entries) {
  const list = h("div.fe-menu-list", { role: "menu", "aria-label": label });
  const search = entries.length > MANY && h("input.fe-input", {
    type: "search",
    placeholder: editor.t("search"),
    "aria-label": editor.t("search"),
    oninput: () => show(search.value),
  });
  const box = h("div.fe-menu", { popover: "auto" }, h("div.fe-menu-title", {}, label), search, list);
  const show = (word) => fill(list, matching(entries, word).map((entry) => item(entry, close)));
  const close = () => box.hidePopover();
  show("");
  box.addEventListener("keydown", (event) => walk(event, box));
  open(editor, box, anchor);
  (search || list.querySelector("button:not(:disabled)"))?.focus();
}

/** Entries whose words contain the search word. */
export function matching(entries, word) {
  const wanted = word.trim().toLowerCase();
  return entries.filter(({ title, hint = "" }) => `${title} ${hint}`.toLowerCase().includes(wanted));
}

function item(entry, close) {
  return h(
    "button.fe-menu-item",
    {
      role: "menuitem",
      class: entry.danger ? "danger" : "",
      disabled: entry.disabled,
      "data-testid": entry.testid,
      onclick: () => {
        close();
        entry.run();
      },
    },
    entry.kind ? tile(entry.kind) : entry.icon && icon(entry.icon),
    h("span.fe-menu-text", {}, h("span", {}, entry.title), entry.hint && h("small", {}, entry.hint)),
    entry.keys && h("kbd", {}, entry.keys),
  );
}

function walk(event, box) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...box.querySelectorAll("button:not(:disabled)")];
  const next = (items.indexOf(document.activeElement) + step + items.length) % items.length;
  items[next]?.focus();
}

/** Put a popover beside an element, inside the window; it leaves the page when it closes. */
export function open(editor, box, anchor) {
  box.id ||= unique();
  editor.root.append(box);
  box.addEventListener("toggle", (event) => {
    if (event.newState === "closed") box.remove();
  });
  box.showPopover();
  if (editor.narrow && box.classList.contains("fe-menu")) return; // a sheet at the bottom, by the style sheet
  const at = anchor.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  const below = at.bottom + 6 + size.height < innerHeight;
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
  box.style.top = `${
    below ? at.bottom + 6 : Math.max(8, Math.min(at.top - size.height - 6, innerHeight - size.height - 8))
  }px`;
}
