/** A list that a person can add to, remove from and put in order. */

import { html, useRef, useState } from "preact";
import { useId } from "../static/common/form.js";
import { icon } from "./dom.js";

let keys = 0;
const FIELDS = ":scope > .fe-row:last-of-type :is(input, select, textarea)";

/**
 * `draw(item, set, index)` draws one item; `blank(items)` makes a new one, or `ask(append, anchor)` lets the person
 * choose it: `append(make, filled)`, of whose fields so many are filled in. `most` and `least`: how many there may be.
 */
export function Sortable({ editor, items, change, draw, add, blank, ask, most = Infinity, least = 0, testid = "row" }) {
  const [rows, setRows] = useState(() => items.map((item) => ({ key: ++keys, item })));
  const root = useRef(null);
  const latest = useRef(rows); // two changes may come before it is drawn again
  const id = useId("fe-rows");
  const save = (next) => {
    latest.current = next;
    setRows(next);
    change(next.map(({ item }) => item));
  };
  const set = (key, item) => save(latest.current.map((row) => (row.key === key ? { key, item } : row)));
  const swap = (from, to) => save(rows.toSpliced(from, 1).toSpliced(to, 0, rows[from]));
  const append = (item, filled = 0) => {
    save([...latest.current, { key: ++keys, item }]);
    requestAnimationFrame(() => {
      const [first] = [...root.current?.querySelectorAll(FIELDS) ?? []].slice(filled);
      first?.focus();
      if (first && "select" in first) first.select();
    });
  };
  const now = () => latest.current.map(({ item }) => item);
  const more = ({ currentTarget }) =>
    ask ? ask((make, filled) => append(make(now()), filled), currentTarget) : append(blank(now()));
  return html`<div class="fe-rows" id=${id} ref=${root}>
    ${
    rows.map(({ key, item }, index) =>
      html`
        <div key=${key} class="fe-row" data-testid="${testid}-${index}">
          <div class="fe-row-body">${draw(item, (next) => set(key, next), index)}</div>
          <div class="fe-row-tools">
                  ${small(editor, "up", () => swap(index, index - 1), index === 0)}
                  ${small(editor, "down", () => swap(index, index + 1), index === rows.length - 1)}
                  ${small(editor, "remove", () => save(rows.toSpliced(index, 1)), rows.length <= least, "trash")}
                </div>
        </div>
      `
    )
  }
    <button key="add" type="button" class="fe-button dashed" disabled=${rows.length >= most} data-testid="${testid}-add"
      aria-haspopup=${ask ? "menu" : null} onClick=${more}>${icon("plus")}${add}</button>
  </div>`;
}

export const small = (editor, name, run, disabled = false, drawn = name) =>
  html`
    <button type="button" class="fe-ghosted" title=${editor.t(name)} aria-label=${editor.t(name)} disabled=${disabled}
      data-testid="do-${name}" onClick=${run}>${icon(drawn)}</button>
  `;
