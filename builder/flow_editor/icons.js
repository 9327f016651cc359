/** Line icons on a 24-pixel grid, as path data. Blocks and tools name one in their `about`. */

const NAMESPACE = "http://www.w3.org/2000/svg";

const PATHS = {
  // blocks and tools
  spark:
    "M12 3l1.9 5.6a2 2 0 0 0 1.3 1.3L21 12l-5.8 2.1a2 2 0 0 0-1.3 1.3L12 21l-1.9-5.6a2 2 0 0 0-1.3-1.3L3 12l5.8-2.1a2 2 0 0 0 1.3-1.3zM19 3v4M21 5h-4",
  send: "M21 3L10.5 13.5M21 3l-6.6 18-3.9-7.5L3 9.6z",
  branch: "M6 4v9a4 4 0 0 0 4 4h5M6 4l-3 3M6 4l3 3M12 14l3 3-3 3M18 4v4a3 3 0 0 1-3 3H9",
  tool:
    "M14.6 6.4a4.2 4.2 0 0 0-5.5 5.3L3.4 17.4a2.2 2.2 0 0 0 3.1 3.1l5.8-5.7a4.2 4.2 0 0 0 5.3-5.5l-2.7 2.7-2.6-.4-.4-2.6z",
  set:
    "M9 4H7.5A2.5 2.5 0 0 0 5 6.5v3A2.5 2.5 0 0 1 3 12a2.5 2.5 0 0 1 2 2.5v3A2.5 2.5 0 0 0 7.5 20H9M15 4h1.5A2.5 2.5 0 0 1 19 6.5v3A2.5 2.5 0 0 0 21 12a2.5 2.5 0 0 0-2 2.5v3a2.5 2.5 0 0 1-2.5 2.5H15M10 10l4 4M14 10l-4 4",
  book: "M12 6.5C10 5 7 4.5 3.5 4.5v13.5c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2V4.5C17 4.5 14 5 12 6.5zM12 6.5V20",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
  message: "M20.5 11.6a8.3 8.3 0 0 1-12 7.5L3.5 20.5l1.5-4.7a8.3 8.3 0 1 1 15.5-4.2z",
  box: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
  globe:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c2.5 2.7 3.7 5.7 3.7 9s-1.2 6.3-3.7 9c-2.5-2.7-3.7-5.7-3.7-9S9.5 5.7 12 3z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  calculator:
    "M6 3h12a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM8.5 7h7M8.5 12h.01M12 12h.01M15.5 12h.01M8.5 16.5h.01M12 16.5h.01M15.5 16.5h.01",
  cloud: "M7 18.5a4.5 4.5 0 0 1-.6-9A6 6 0 0 1 18 11a3.8 3.8 0 0 1-.5 7.5z",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.5 4.5",
  page: "M6 3h8l5 5v13H6zM14 3v5h5M9 13h7M9 17h5",
  text: "M4 6h16M4 10.5h16M4 15h10M4 19.5h7",
  code: "M8.5 7L3.5 12l5 5M15.5 7l5 5-5 5M13.5 4.5l-3 15",
  database:
    "M12 9c4.4 0 8-1.3 8-3s-3.6-3-8-3-8 1.3-8 3 3.6 3 8 3zM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3",
  image: "M4 4h16v16H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9h.01",
  calendar: "M5 5h14a1 1 0 0 1 1 1v14H4V6a1 1 0 0 1 1-1zM4 10h16M8 3v4M16 3v4",
  question: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1 1-1.1 1.8M12 16.8h.01",
  repeat: "M17 3l3 3-3 3M20 6H8a4 4 0 0 0-4 4v1M7 21l-3-3 3-3M4 18h12a4 4 0 0 0 4-4v-1",
  memory: "M7 7h10v10H7zM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4",
  link:
    "M10 14a4 4 0 0 0 5.7 0l3.5-3.5a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.5 3.5a4 4 0 0 0 5.7 5.7L12 17.7",
  // the editor's own
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  check: "M5 12.5l4.5 4.5L19 7.5",
  warning: "M12 4L2.8 20h18.4zM12 10v4.5M12 17.3h.01",
  undo: "M8 5L3.5 9.5 8 14M4 9.5h10a6 6 0 0 1 0 12h-3",
  redo: "M16 5l4.5 4.5L16 14M20 9.5H10a6 6 0 0 0 0 12h3",
  flow: "M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4",
  list: "M9 6h12M9 12h12M9 18h12M4 6h.01M4 12h.01M4 18h.01",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  grip: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  trash: "M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5M14 11v5",
  up: "M12 19V5M6 11l6-6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  chevron: "M6 9.5l6 6 6-6",
  flag: "M5 21V4M5 4.5h13l-3 4.5 3 4.5H5",
};

/** The icon of that name; an unknown name draws a box. */
export function icon(name) {
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "fe-icon");
  const path = document.createElementNS(NAMESPACE, "path");
  path.setAttribute("d", Object.hasOwn(PATHS, name) ? PATHS[name] : PATHS.box);
  svg.append(path);
  return svg;
}

export const names = Object.keys(PATHS);
