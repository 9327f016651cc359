// One of a few: tabs over what they show, or a row of choices.

import { html } from "preact";

/** `options`: [{id, label, testid}]. `tabs`: what is chosen is shown below, in a `TabPanel`. */
export function Segments({ options, chosen, onChoose, label = undefined, labelledby = undefined, tabs = false }) {
  const button = ({ id, label: word, testid }) => {
    const state = { [tabs ? "aria-selected" : "aria-pressed"]: String(id === chosen) };
    return html`
      <button key=${id} type="button" role=${tabs ? "tab" : null} class="hy-seg" data-testid=${testid} ...${state}
        onClick=${() => onChoose(id)}>${word}</button>
    `;
  };
  return html`<div class="hy-segs" role=${tabs ? "tablist" : "group"} aria-label=${label} aria-labelledby=${labelledby}>
    ${options.map(button)}
  </div>`;
}
