// How far something is: steps, of which some are done.

import { html } from "preact";
import { Icon } from "./elements.js";

/** `steps`: [{id, label, done, note?}]. */
export function Progress({ steps }) {
  return html`<ol class="hy-progress">${
    steps.map(({ id, label, done, note }) =>
      html`
        <li key=${id} class=${done ? "done" : ""} data-testid="step-${id}">
          <span class="mark"><${Icon} name=${done ? "check" : "clock"} size=${14} /></span>
          <span><b>${label}</b>${note && html`<span class="faint"> ${note}</span>`}</span>
        </li>
      `
    )
  }</ol>`;
}
