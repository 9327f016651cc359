// What every page is made of. Data reaches the DOM as text only, never as HTML.

import { html, useState } from "preact";
import { PATHS } from "./icons.js";

const TONES = { ok: "check", warn: "warning", bad: "warning" };

/** An unknown name draws a box. */
export function Icon({ name, size = 16, class: kind = "" }) {
  return html`
    <svg class=${kind} viewBox="0 0 24 24" width=${size} height=${size} fill="none" stroke="currentColor"
      aria-hidden="true">
      <path d=${PATHS[name] ?? PATHS.box} stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  `;
}

/** `look`: "primary", "danger", "quiet" or nothing. A click that returns a promise shows that it works. */
export function Button({ label = "", look = "", icon = "", onClick, id, title, ...rest }) {
  const [busy, setBusy] = useState(false);
  const press = async (event) => {
    if (busy) return;
    const work = onClick?.(event);
    if (!(work instanceof Promise)) return;
    setBusy(true);
    await work.finally(() => setBusy(false));
  };
  return html`
    <button type="button" class="hy-btn ${look}" data-testid=${id} title=${title}
      aria-label=${label ? null : title} aria-busy=${busy ? "true" : null} onClick=${press} ...${rest}>
        ${icon && html`<${Icon} name=${icon} />`}${label && html`<span>${label}</span>`}
      </button>
  `;
}

export function Link({ label, href, look = "", icon = "", id }) {
  return html`<a class="hy-btn ${look}" href=${href} data-testid=${id}>
    ${icon && html`<${Icon} name=${icon} />`}<span>${label}</span>
  </a>`;
}

/** A short coloured word; `tone`: "ok", "warn", "bad", "accent" or nothing. */
export const Pill = ({ tone = "", children }) => html`<span class="hy-pill ${tone}">${children}</span>`;

/** A box with a sentence and, as children, what can be done; `tone`: "ok", "warn", "bad", "accent" or nothing. */
export function Callout({ tone = "", title, detail, children }) {
  return html`<div class="hy-callout ${tone}" role=${tone === "bad" ? "alert" : "note"}>
    <${Icon} name=${TONES[tone] ?? "info"} size=${18} />
    <div><b>${title}</b>${detail && html`<p>${detail}</p>`}</div>
    ${some(children) && html`<div class="hy-row">${children}</div>`}
  </div>`;
}

/** A card with a heading, and beside it what can be done. */
export function Card({ title, hint, aside, children, ...rest }) {
  return html`<section class="hy-card" ...${rest}>
    ${title && html`<header><div><h2>${title}</h2>${hint && html`<p>${hint}</p>`}</div>${aside}</header>`}
    ${children}
  </section>`;
}

/** A page's heading, and beside it what can be done. */
export function Head({ title, hint = "", children }) {
  return html`<div class="hy-head">
    <div><h1>${title}</h1>${hint && html`<p>${hint}</p>`}</div>
    ${some(children) && html`<div class="hy-row">${children}</div>`}
  </div>`;
}

/** What is seldom needed, folded away. */
export function More({ title, children, ...rest }) {
  return html`<details class="hy-more" ...${rest}><summary>${title}</summary>${children}</details>`;
}

export const Loading = () => html`<div class="hy-loading"></div>`;

/** The letter that stands for a name: not "一", which looks like a line, nor a mark. */
export const initial = (name) =>
  [...name].find((letter) => /[^一\p{P}\p{S}\s]|\p{Emoji_Presentation}/u.test(letter)) ?? "雁";

const some = (children) =>
  [children].flat(Infinity).some((child) => child !== undefined && child !== null && child !== false);
