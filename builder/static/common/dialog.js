// Modal dialogs.

import { html, render } from "preact";
import { Button } from "./elements.js";
import { t } from "./texts.js";

/**
 * Open one over the page: `View` is drawn with `props` and `close(value)`, and returns a `Dialog`. Resolves when it is
 * closed, to what it was closed with; by Esc or a click beside it, to undefined.
 */
export function open(View, props = {}) {
  const { promise, resolve } = Promise.withResolvers();
  const host = document.createElement("div");
  document.body.append(host);
  let said;
  const dialog = () => host.querySelector("dialog");
  const close = (value) => {
    said = value;
    dialog()?.close();
  };
  // "close" does not bubble, but it is captured
  host.addEventListener("close", () => {
    render(null, host);
    host.remove();
    resolve(said);
  }, { capture: true });
  host.addEventListener("mousedown", (event) => event.target === dialog() && close(undefined));
  render(html`<${View} ...${props} close=${close} />`, host);
  dialog().showModal();
  return promise;
}

/**
 * `does`: what it is for, as a Button takes it: it stands below, beside "Cancel"; `footer`: what stands there instead.
 * `reads`: nothing in it takes the focus, so that it does itself, and is scrolled by keys.
 */
export function Dialog({ title, close, does = null, footer = null, size = "", id = "", reads = false, children }) {
  const buttons = does
    ? html`
      <${Button} label=${t("common.cancel")} onClick=${() => close()} />
      <${Button} look="primary" ...${does} />
    `
    : footer;
  return html`<dialog class="hy hy-dialog ${size}" data-testid=${id} aria-label=${title}>
    <header>
      <h2>${title}</h2>
      <${Button} icon="close" look="quiet icon" title=${t("common.close")} onClick=${() => close()} />
    </header>
    <div class="hy-dialog-body" tabindex=${reads ? 0 : undefined}>${children}</div>
    ${buttons && html`<footer>${buttons}</footer>`}
  </dialog>`;
}

/** Ask before something that is hard to take back: whether to go on. */
export const confirmed = async (title, detail, label) => Boolean(await open(Confirm, { title, detail, label }));

function Confirm({ title, detail, label, close }) {
  const footer = [
    html`<${Button} label=${t("common.cancel")} autofocus onClick=${() => close(false)} />`,
    html`<${Button} label=${label} look="danger" id="confirm" onClick=${() => close(true)} />`,
  ];
  return html`
    <${Dialog} title=${title} close=${close} footer=${footer} id="confirm-dialog">
      <p>${detail}</p>
      </${Dialog}>
  `;
}
