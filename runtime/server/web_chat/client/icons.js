// Line icons on a 24-pixel grid.

import { html } from "preact";

const PATHS = {
  chat: "M20.5 11.6a8.3 8.3 0 0 1-12 7.5L3.5 20.5l1.5-4.7a8.3 8.3 0 1 1 15.5-4.2zM8.5 10h7M8.5 13.5h4.5",
  send: "M12 19.5V5M5.5 11.5L12 5l6.5 6.5",
  stop: "M7.5 7.5h9v9h-9z",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9.5l6 6 6-6",
  clip: "M20 11.5l-8.4 8.4a5 5 0 0 1-7-7L13 4.4a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4l7.8-7.7",
  voice:
    "M12 15a3.5 3.5 0 0 0 3.5-3.5v-5a3.5 3.5 0 0 0-7 0v5A3.5 3.5 0 0 0 12 15zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3.5",
  more:
    "M4.6 12a.9.9 0 1 0 1.8 0a.9.9 0 1 0-1.8 0M11.1 12a.9.9 0 1 0 1.8 0a.9.9 0 1 0-1.8 0M17.6 12a.9.9 0 1 0 1.8 0a.9.9 0 1 0-1.8 0",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "M5 12.5l4.5 4.5L19 7.5",
  good: "M7 11v9H4v-9zM7 11l4-7.5c1.3 0 2.4 1 2.4 2.4V10h4.9a2 2 0 0 1 2 2.3l-1 6a2 2 0 0 1-2 1.7H7",
  bad: "M17 13V4h3v9zM17 13l-4 7.5c-1.3 0-2.4-1-2.4-2.4V14H5.700a2 2 0 0 1-2-2.3l1-6A2 2 0 0 1 6.700 4H17",
  again: "M19 12a7 7 0 1 1-2-5M19.500 3.500v4h-4",
  file: "M6 3h8l5 5v13H6zM14 3v5h5M9 13h7M9 17h5",
  image: "M4 4h16v16H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9h.01",
  play: "M8 5.500l11 6.500-11 6.500z",
  shield: "M12 3l7.500 2.500v6c0 4.500-3 8-7.500 9.500-4.500-1.500-7.500-5-7.500-9.500v-6zM9 12l2.200 2.200L15.200 10",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  trash: "M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5M14 11v5",
  leave: "M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9",
  warning: "M12 4L2.8 20h18.4zM12 10v4.5M12 17.3h.01",
};

export function Icon({ name, size = 20 }) {
  return html`
    <svg viewBox="0 0 24 24" width=${size} height=${size} fill="none" stroke="currentColor" stroke-width="1.8"
      stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d=${PATHS[name]} />
    </svg>
  `;
}

/** A button that shows its icon and says its `label`. */
export function Tap({ icon, label, size = 20, kind = "", ...rest }) {
  return html`
    <button type="button" class="tap ${kind}" aria-label=${label} title=${label} ...${rest}>
      <${Icon} name=${icon} size=${size} />
    </button>
  `;
}

/** The letter that stands for a name: no mark, nor "一", which looks like a line. */
const initial = (name) => [...name].find((letter) => /[^一\p{P}\p{S}\s]/u.test(letter)) ?? "雁";

/** Who answers. */
export const Face = ({ name, size = "" }) =>
  html`<span class="face ${size}" aria-hidden="true">${initial(name)}</span>`;
