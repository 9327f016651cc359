// Lines of a list: what each is, and what can be done with it.

import { html } from "preact";

export const Table = ({ children, ...rest }) => html`<div class="hy-table" ...${rest}>${children}</div>`;

/** `actions`: buttons; `below`: what an action said. */
export function Line({ id, actions = null, below = null, children }) {
  return html`<div class="line" data-testid=${id}>
    <div class="grow">${children}</div>
    ${actions && html`<div class="hy-row">${actions}</div>`}
    ${below}
  </div>`;
}
