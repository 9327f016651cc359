// Draw the page: data reaches the DOM as text only, never as HTML.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  plus: "M12 5v14M5 12h14",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  check: "M5 12.5l4.5 4.5L19 7.5",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  pencil: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  trash: "M4 7h16M10 11v6M14 11v6M6 7l1 13h10l1-13M9 7V4h6v3",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  upload: "M12 16V5M7 9l5-5 5 5M5 20h14",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  tap:
    "M9 12V5.5a1.5 1.5 0 0 1 3 0V11l5.4 1.3a2 2 0 0 1 1.5 2.3L18 20h-7l-4.6-5.2a1.4 1.4 0 0 1 2-2zM6 5a5 5 0 0 1 9 0",
  send: "M21 3L10 14M21 3l-7 18-4-7-7-4z",
  warn: "M12 4L2.5 20h19zM12 10v4M12 17h.01",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8h.01",
  sun:
    "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  out: "M10 4H5v16h5M15 8l4 4-4 4M19 12H9",
  chat: "M21 11.5a8.4 8.4 0 0 1-12.3 7.4L3 20.5l1.6-5.3A8.4 8.4 0 1 1 21 11.5z",
  key: "M14.5 13a5 5 0 1 0-4-4L3 16.5V21h4.5v-3h3v-3zM16 8h.01",
  code: "M8 7l-5 5 5 5M16 7l5 5-5 5",
  settings:
    "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  refresh: "M20 11a8 8 0 1 0-2.3 6.2M20 4v7h-7",
  back: "M19 12H5M11 6l-6 6 6 6",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7L12 17",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
  history: "M3.5 12a8.5 8.5 0 1 0 2.6-6.1L3.5 8.5M3.5 4v4.5H8M12 7.5V12l3 2",
  spark: "M12 3l2.2 6.8L21 12l-6.8 2.2L12 21l-2.2-6.8L3 12l6.8-2.2z",
  block: "M5 5h14v14H5zM5 10h14",
  tool: "M14.7 6.3a4 4 0 0 0-5.4 5.2L3 18l3 3 6.5-6.3a4 4 0 0 0 5.2-5.4L15 12l-3-3z",
  phone: "M7 3h10v18H7zM11 18h2",
};

/** One element; `on…` attributes are listeners, the others as in HTML; children may be text, elements or nothing. */
export function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(
    ...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false),
  );
  return node;
}

export function icon(name, size = 16) {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = {
    viewBox: "0 0 24 24",
    width: size,
    height: size,
    fill: "none",
    stroke: "currentColor",
    "aria-hidden": "true",
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name] || ICONS.block);
  for (
    const [key, value] of Object.entries({
      "stroke-width": "1.8",
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
    })
  ) {
    path.setAttribute(key, value);
  }
  svg.append(path);
  return svg;
}

/** `look`: "primary", "danger", "quiet" or nothing. A click that returns a promise shows that it works. */
export function button(label, { look = "", name, onclick, id, title, ...rest } = {}) {
  const node = h(
    "button",
    { type: "button", class: `hy-btn ${look}`.trim(), "data-testid": id, title, ...rest },
    name && icon(name),
    label && h("span", {}, label),
  );
  if (!label && title) node.setAttribute("aria-label", title);
  if (onclick) {
    node.addEventListener("click", async (event) => {
      if (node.getAttribute("aria-busy")) return;
      const work = onclick(event);
      if (!(work instanceof Promise)) return;
      node.setAttribute("aria-busy", "true");
      try {
        await work;
      } finally {
        node.removeAttribute("aria-busy");
      }
    });
  }
  return node;
}

/** The letter that stands for a name: not "一", which looks like a line, nor a mark. */
export const initial = (name) =>
  [...name].find((letter) => /[^一\p{P}\p{S}\s]|\p{Emoji_Presentation}/u.test(letter)) ?? "雁";

export function link(label, href, { look = "", name, id } = {}) {
  return h(
    "a",
    { class: `hy-btn ${look}`.trim(), href, "data-testid": id },
    name && icon(name),
    h("span", {}, label),
  );
}

/** A short coloured word; `tone`: "ok", "warn", "bad", "accent" or nothing. */
export function pill(label, tone = "") {
  return h("span", { class: `hy-pill ${tone}`.trim() }, label);
}

export function empty(name, title, hint, ...actions) {
  return h(
    "div",
    { class: "hy-empty" },
    h("div", { class: "hy-empty-icon" }, icon(name, 26)),
    h("h3", {}, title),
    hint && h("p", {}, hint),
    h("div", { class: "hy-row center" }, actions),
  );
}

/** A box with a sentence; `tone`: "ok", "warn", "bad", "accent". */
export function callout(tone, title, detail, ...actions) {
  const name = { ok: "check", warn: "warn", bad: "warn" }[tone] || "info";
  return h(
    "div",
    { class: `hy-callout ${tone}`, role: tone === "bad" ? "alert" : "note" },
    icon(name, 18),
    h("div", {}, h("b", {}, title), detail && h("p", {}, detail)),
    actions.length > 0 && h("div", { class: "hy-row" }, actions),
  );
}
