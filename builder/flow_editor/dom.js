/** What the editor is drawn with. Data enters the page as text only; nothing here parses HTML. */

import { h as element, render } from "preact";
import { Icon } from "../static/common/elements.js";

/**
 * h("button.fe-chip", {onclick, title}, "text", child …): an element with its classes, attributes and children.
 * @param {string} spec
 * @param {any} [props]
 * @param {...any} children
 */
export function h(spec, { color = "", class: more = "", ...props } = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  /** @type {any} */
  const given = { ...props, class: [...classes, more].filter(Boolean).join(" ") || null };
  if (tag === "button") given.type = "button";
  if (color) given.style = { "--c": color };
  return element(tag, given, ...children);
}

export const icon = (name) => element(Icon, { name, class: "fe-icon" });

/** An element to draw into. */
export function part(tag, className, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), { className, ...properties });
  node.append(...children);
  return node;
}

/** Draw what is in an element; nested lists and nothings are welcome, as in h. */
export const fill = (node, ...children) => render(children, node);

/** Functions of the editor, each with it given. */
export const bound = (editor, functions) =>
  Object.fromEntries(Object.entries(functions).map(([name, work]) => [name, (...args) => work(editor, ...args)]));

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
