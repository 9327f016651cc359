// What lies over the page: toasts, dialogs, menus; and copying.

import { button, h, icon } from "./dom.js";
import { t } from "./texts.js";

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
