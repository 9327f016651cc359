// What lies over the page: toasts, dialogs, menus; and copying.

import { button, h, icon } from "./dom.js";
import { t } from "./texts.js";

function tray() {
  let box = document.querySelector(".hy-toasts");
  if (!box) {
    document.body.append(
      box = h("div", { class: "hy hy-toasts", role: "status", "aria-live": "polite", popover: "manual" }),
    );
  }
  // Shown anew, so that it lies over a dialog that opened after it.
  if (box.matches(":popover-open")) box.hidePopover();
  box.showPopover();
  return box;
}

/** A sentence for a few seconds; `action`: {label, onclick}, e.g. undo. Milliseconds. */
export function toast(sentence, { tone = "ok", action, lasts = action ? 10000 : 4500 } = {}) {
  const node = h(
    "div",
    { class: `hy-toast ${tone}`, "data-testid": "toast" },
    icon(tone === "bad" ? "warn" : "check"),
    h("span", {}, sentence),
  );
  const leave = () => {
    node.remove();
    const box = document.querySelector(".hy-toasts");
    if (box && !box.children.length && box.matches(":popover-open")) box.hidePopover();
  };
  if (action) {
    node.append(
      button(action.label, { look: "quiet", id: "toast-action", onclick: () => (leave(), action.onclick()) }),
    );
  }
  node.append(button("", { name: "close", look: "quiet icon", title: t("common.close"), onclick: leave }));
  tray().append(node);
  setTimeout(leave, tone === "bad" ? Math.max(lasts, 9000) : lasts);
}

/** A modal dialog; returns {node, close}. `body` and `footer` are elements. */
export function dialog(title, body, footer = [], { wide = false, id } = {}) {
  const node = h("dialog", {
    class: `hy hy-dialog${wide ? " wide" : ""}`,
    "data-testid": id,
    "aria-label": title,
  });
  const close = () => node.close();
  node.append(
    h(
      "header",
      {},
      h("h2", {}, title),
      button("", { name: "close", look: "quiet icon", title: t("common.close"), onclick: close }),
    ),
    h("div", { class: "hy-dialog-body" }, body),
  );
  if (footer.length) node.append(h("footer", {}, footer));
  node.addEventListener("close", () => node.remove());
  node.addEventListener("mousedown", (event) => event.target === node && close());
  document.body.append(node);
  node.showModal();
  return { node, close };
}

/** Ask before something that is hard to take back; resolves to true or false. */
export function confirmed(title, detail, label) {
  return new Promise((resolve) => {
    const yes = button(label, {
      look: "danger",
      id: "confirm",
      onclick: () => (resolve(true), shown.close()),
    });
    const no = button(t("common.cancel"), { onclick: () => shown.close() });
    const shown = dialog(title, h("p", {}, detail), [no, yes], { id: "confirm-dialog" });
    shown.node.addEventListener("close", () => resolve(false));
    no.focus();
  });
}

/** A "…" button that opens a list of actions: [{label, name, onclick, danger, id}]. */
export function menu(title, entries) {
  const list = h("div", { class: "hy-menu", role: "menu", hidden: true });
  const opener = button("", { name: "more", look: "quiet icon", title, id: "menu" });
  opener.setAttribute("aria-haspopup", "menu");
  const root = h("div", { class: "hy-menu-root" }, opener, list);
  const show = (open) => {
    list.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (open) list.querySelector("button").focus();
  };
  for (const { label, name, onclick, danger, id } of entries) {
    list.append(
      h(
        "button",
        {
          type: "button",
          role: "menuitem",
          class: danger ? "danger" : "",
          "data-testid": id,
          onclick: () => (show(false), onclick()),
        },
        icon(name),
        label,
      ),
    );
  }
  opener.addEventListener("click", () => show(list.hidden));
  root.addEventListener("focusout", (event) => root.contains(event.relatedTarget) || show(false));
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false), opener.focus();
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!move || list.hidden) return;
    event.preventDefault();
    const all = [...list.children];
    all[(all.indexOf(document.activeElement) + move + all.length) % all.length].focus();
  });
  return root;
}

/** Copy text, also on plain http, where the clipboard API is missing. */
function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = h("textarea", { class: "hy-offscreen" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  return Promise.resolve();
}

export function copyButton(text, id) {
  const node = button(t("common.copy"), { name: "copy", id });
  node.addEventListener("click", async () => {
    await copy(text());
    node.replaceChildren(icon("check"), h("span", {}, t("common.copied")));
    node.classList.add("done");
    setTimeout(
      () => (node.replaceChildren(icon("copy"), h("span", {}, t("common.copy"))), node.classList.remove("done")),
      1600,
    );
  });
  return node;
}

/** Save text as a file on the reader's computer. */
export function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
