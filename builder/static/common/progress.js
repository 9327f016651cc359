// How far something is: steps, of which some are done and the first that is not is to be done now.

import { html } from "preact";
import { Icon } from "./elements.js";

/** `steps`: [{id, label, done, note?}]. */
export function Progress({ steps }) {
  const now = steps.findIndex(({ done }) => !done);
  return html`<ol class="hy-progress">${
    steps.map(({ id, label, done, note }, i) =>
      html`
        <li key=${id} class=${done ? "done" : ""} aria-current=${i === now ? "step" : null} data-testid="step-${id}">
          <span class="mark">${done ? html`<${Icon} name="check" size=${14} />` : i + 1}</span>
          <span><b>${label}</b>${note && html`<span class="faint"> ${note}</span>`}</span>
        </li>
      `
    )
  }</ol>`;
}
