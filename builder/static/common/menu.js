// Lists of actions that open at an element. The browser's popover closes them.

import { html, render, useState } from "preact";
import { Button, Icon } from "./elements.js";
import { t } from "./texts.js";

const MANY = 10; // entries from which a search field helps
const NARROW = "(max-width: 640px)"; // there it is a sheet at the bottom
const GAP = 6; // pixels between it and what it opened at
const EDGE = 8; // pixels between it and the window's edge

/** `entries`: [{title, hint?, icon?, tile?, keys?, spokenKeys?, danger?, disabled?, testid?, run}]; `tile` is drawn instead of an icon. */
export function openMenu(anchor, title, entries, within = anchor.parentElement) {
  const host = document.createElement("div");
  host.className = "hy";
  within.append(host);
  const close = () => box.hidePopover();
  render(html`<${Menu} title=${title} entries=${entries} close=${close} />`, host);
  const box = /** @type {HTMLElement} */ (host.querySelector("[popover]"));
  box.addEventListener("toggle", () => {
    if (box.matches(":popover-open")) return;
    if (host.contains(document.activeElement) || document.activeElement === document.body) anchor.focus?.();
    render(null, host);
    host.remove();
  });
  box.showPopover();
  if (!matchMedia(NARROW).matches) beside(box, anchor);
  /** @type {HTMLElement} */ (box.querySelector("input, button:not(:disabled)"))?.focus();
}

function Menu({ title, entries, close }) {
  const [word, setWord] = useState("");
  const choose = (entry) => {
    close();
    entry.run();
  };
  return html`<div class="hy-menu" popover="auto" onKeyDown=${walk}>
    <div class="hy-menu-title">${title}</div>
    ${
    entries.length > MANY &&
    html`
      <input class="hy-input" type="search" placeholder=${t("common.search")} aria-label=${t("common.search")}
        value=${word} onInput=${(event) => setWord(event.target.value)} />
    `
  }
    <div class="hy-menu-list" role="menu" aria-label=${title}>
      ${matching(entries, word).map((entry) => html`<${Item} entry=${entry} choose=${choose} />`)}
    </div>
  </div>`;
}

function Item({ entry, choose }) {
  return html`
    <button type="button" role="menuitem" class="hy-menu-item ${entry.danger ? "danger" : ""}"
      disabled=${entry.disabled} aria-keyshortcuts=${entry.spokenKeys} data-testid=${entry.testid} onClick=${() =>
        choose(entry)}>
        ${entry.tile ?? (entry.icon && html`<${Icon} name=${entry.icon} />`)}
        <span class="hy-menu-text"><span>${entry.title}</span>${entry.hint && html`<small>${entry.hint}</small>`}</span>
        ${entry.keys && html`<kbd>${entry.keys}</kbd>`}
      </button>
  `;
}

/** Entries whose words contain the search word. */
export function matching(entries, word) {
  const wanted = word.trim().toLowerCase();
  return entries.filter(({ title, hint = "" }) => `${title} ${hint}`.toLowerCase().includes(wanted));
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll("button:not(:disabled)")];
  const next = (items.indexOf(document.activeElement) + step + items.length) % items.length;
  items[next]?.focus();
}

/** Put a popover beside an element, inside the window. */
function beside(box, anchor) {
  const at = anchor.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  const below = at.bottom + GAP + size.height < innerHeight;
  const within = (wanted, room) => `${Math.max(EDGE, Math.min(wanted, room - EDGE))}px`;
  box.style.left = within(at.left, innerWidth - size.width);
  box.style.top = below ? `${at.bottom + GAP}px` : within(at.top - size.height - GAP, innerHeight - size.height);
}

/** A "…" button that opens one. */
export function MenuButton({ title, entries, id = "menu" }) {
  return html`
    <${Button} icon="more" look="quiet icon" title=${title} id=${id} aria-haspopup="menu"
      onClick=${(event) => openMenu(event.currentTarget, title, entries)} />
  `;
}
