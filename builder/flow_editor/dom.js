/** Elements by hand. Data enters the page as text only; nothing here parses HTML. */

const PROPERTIES = new Set(["value", "checked", "disabled", "selected", "tabIndex", "popover"]);

/** h("button.fe-chip", {onclick, title}, "text", child …): an element with its classes, attributes and children. */
export function h(spec, props = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag);
  if (tag === "button") node.type = "button";
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) assign(node, key, value);
  return fill(node, ...children);
}

/** Replace what is in an element; nested lists and nothings are welcome, as in h. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child != null && child !== false && child !== ""));
  return node;
}

function assign(node, key, value) {
  if (value == null || value === false) return;
  if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else if (key === "class") node.classList.add(...value.split(" ").filter(Boolean));
  else if (key === "color") node.style.setProperty("--c", value);
  else if (PROPERTIES.has(key)) node[key] = value;
  else node.setAttribute(key, value === true ? "" : value);
}

let count = 0;

/** An id that no other element has, for labels and descriptions. */
export const unique = () => `fe-${++count}`;

/** Load the style sheets next to this module once a page. */
export async function styles(names) {
  await Promise.all(names.map((name) => {
    const href = new URL(name, import.meta.url).href;
    if ([...document.styleSheets].some((sheet) => sheet.href === href)) return null;
    const link = h("link", { rel: "stylesheet", href });
    document.head.append(link);
    return new Promise((done) => {
      link.onload = done;
      link.onerror = done;
    });
  }));
}

/** Call `work` once, `ms` after the last call; flush() does it at once, cancel() never. */
export function debounced(work, ms) {
  let timer = 0;
  let waiting = null;
  const flush = () => {
    clearTimeout(timer);
    const args = waiting;
    waiting = null;
    if (args) work(...args);
  };
  const later = (...args) => {
    waiting = args;
    clearTimeout(timer);
    timer = setTimeout(flush, ms);
  };
  const cancel = () => {
    clearTimeout(timer);
    waiting = null;
  };
  return Object.assign(later, { flush, cancel });
}
