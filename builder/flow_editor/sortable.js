/** A list that a person can add to, remove from and put in order. */

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * Items that can be added, removed and put in order. `draw(item, set, index)` draws one; `blank(items)` makes a new one,
 * or `ask(append, anchor)` lets the person choose it.
 */
export function sortable(editor, items, change, options) {
  const { draw, add, blank, ask, limit = Infinity, least = 0, testid = "row" } = options;
  const box = h("div.fe-rows");
  let now = items;
  const save = (next, again = false) => {
    now = next;
    change(next);
    if (again) redraw();
  };
  const swap = (from, to) => save(now.toSpliced(from, 1).toSpliced(to, 0, now[from]), true);
  const redraw = () =>
    fill(
      box,
      now.map((item, index) =>
        h(
          "div.fe-row",
          { "data-testid": `${testid}-${index}` },
          h("div.fe-row-body", {}, draw(item, (next) => save(now.with(index, next)), index)),
          h(
            "div.fe-row-tools",
            {},
            small(editor, "up", () => swap(index, index - 1), index === 0),
            small(editor, "down", () => swap(index, index + 1), index === now.length - 1),
            small(editor, "remove", () => save(now.toSpliced(index, 1), true), now.length <= least, "trash"),
          ),
        )
      ),
      h(
        "button.fe-button.dashed",
        {
          disabled: now.length >= limit,
          "data-testid": `${testid}-add`,
          "aria-haspopup": ask ? "menu" : null,
          onclick: (event) => (ask ? ask((item) => append(item(now)), event.currentTarget) : append(blank(now))),
        },
        icon("plus"),
        add,
      ),
    );
  const append = (item) => {
    save([...now, item], true);
    box.querySelector(".fe-row:last-of-type :is(input, textarea)")?.focus();
  };
  redraw();
  return box;
}

export const small = (editor, name, onclick, disabled, drawn = name) =>
  h("button.fe-ghosted", {
    title: editor.t(name),
    "aria-label": editor.t(name),
    disabled,
    onclick,
    "data-testid": `do-${name}`,
  }, icon(drawn));
