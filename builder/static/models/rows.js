// A list of small records, changed together: keys, prices, budgets, rules.

import { html, useEffect, useRef, useState } from "preact";
import { Dialog } from "../common/dialog.js";
import { Button, Callout } from "../common/elements.js";
import { Field, Input, Select } from "../common/field.js";
import { say, t } from "../common/texts.js";
import { saidOf } from "../common/undo.js";

/**
 * `columns`: [name, kind, options?] each; its label is the text `rows.${texts}.${name}`, and what it is for
 * `rows.${texts}.${name}.hint` where that is there. `kind`: "text", "password", "number", "words" (several, with commas),
 * "lines" (one a line) or "choice". `save(rows)` is answered by a Notice whose field names "0.column". `above`: fields
 * of the whole, by name, saved along. `call`, `again`: what went has them to be had back.
 */
export function RowsDialog(
  { title, hint, texts, columns, rows, above = [], whole = {}, blank, save, close, say: notes, call, again },
) {
  const [given, setGiven] = useState(() => rows.map((row) => shownOf(row, columns)));
  const [all, setAll] = useState(() => shownOf(whole, above));
  const [wrong, setWrong] = useState(null);
  const [added, setAdded] = useState(-1); // which row is new
  const keep = async () => {
    const answer = await save(given.map((row) => meantBy(row, columns)), meantBy(all, above));
    if (!answer) return; // they thought better of it
    if (!answer.ok) return setWrong(answer);
    saidOf(call, answer, again);
    close(true);
  };
  const set = (i, row) => (setGiven(given.map((one, n) => (n === i ? row : one))), setWrong(null));
  const does = { label: t("common.save"), id: "rows-save", onClick: keep };
  const move = (i) => setGiven([...given.slice(0, i - 1), given[i], given[i - 1], ...given.slice(i + 1)]);
  const drop = (i) => setGiven(given.filter((_, n) => n !== i));
  return html`
    <${Dialog} title=${title} close=${close} does=${does} size="wide" id="rows-dialog">
      <div class="hy-stack">
        ${hint && html`<p class="soft">${hint}</p>`}
        ${above.map((column) =>
          html`
            <${Cell} ...${{ column, texts }} id="rows-${column[0]}" value=${all[column[0]]}
              wrong=${wrong?.field === column[0]} change=${(value) => setAll({ ...all, [column[0]]: value })} />
          `
        )}
        ${given.map((row, i) =>
          html`<${Row} key=${i} ...${{
            row,
            i,
            columns,
            texts,
            wrong,
            isNew: i === added,
            note: notes?.(rows[i]),
          }} change=${(next) => set(i, next)} up=${i > 0 && (() => move(i))} drop=${() => drop(i)} />`
        )}
        <div><${Button} label=${t(`rows.${texts}.add`)} icon="plus" id="rows-add"
          onClick=${() => (setGiven([...given, shownOf(blank, columns)]), setAdded(given.length))} /></div>
        <div aria-live="assertive" ref=${(node) => wrong && node?.scrollIntoView({ block: "nearest" })}>${wrong &&
          html`<${Callout} tone="bad" title=${say(wrong.text)} />`}</div>
      </div>
      </${Dialog}>
  `;
}

function Row({ row, i, columns, texts, wrong, isNew, note, change, up, drop }) {
  const section = useRef(null);
  useEffect(() => isNew && section.current.querySelector("input, select, textarea").focus(), [isNew]);
  const cell = (column) =>
    html`
      <${Cell} key=${column[0]} ...${{ column, texts }} id="rows-${i}-${column[0]}" value=${row[column[0]]}
        wrong=${wrong?.field === `${i}.${column[0]}`} change=${(value) => change({ ...row, [column[0]]: value })} />
    `;
  return html`<section class="hy-card" data-testid="row-${i}" ref=${section}>
    <div class="hy-form two">${columns.map(cell)}</div>
    ${note}
    <div class="hy-row">
      ${up && html`<${Button} icon="up" look="quiet icon" title=${t("rows.up")} onClick=${up} />`}
      <${Button} icon="trash" look="quiet icon" title=${t("common.remove")} onClick=${drop} />
    </div>
  </section>`;
}

function Cell({ column: [name, kind, options], texts, id, value, wrong, change }) {
  const label = t(`rows.${texts}.${name}`);
  const key = `rows.${texts}.${name}.hint`;
  const hint = t(key) === key ? "" : t(key);
  const more = { id, value, onChange: change, wrong: wrong ? "…" : "", "aria-describedby": hint && `${id}-hint` };
  if (kind === "choice") {
    return html`
      <${Field} ...${{ id, label, hint }}>
        <${Select} ...${{ ...more, options }} />
        </${Field}>
    `;
  }
  if (kind === "lines") {
    return html`
      <${Field} ...${{ id, label, hint }}>
        <${Input} ...${more} rows=${3} />
        </${Field}>
    `;
  }
  const shown = kind === "password" ? "password" : "text";
  const mode = kind === "number" ? "decimal" : null;
  return html`
    <${Field} ...${{ id, label, hint }}>
      <${Input} ...${more} kind=${shown} inputmode=${mode} placeholder=${kind === "password" ? options : ""} />
      </${Field}>
  `;
}

const shownOf = (row, columns) =>
  Object.fromEntries(columns.map(([name, kind]) => {
    const value = row[name] ?? "";
    const text = Array.isArray(value) ? value.join(kind === "lines" ? "\n" : ", ") : value;
    return [name, kind === "choice" ? text : String(text)];
  }));

/** As the server takes it: no empty ones; numbers as numbers where they are any. */
function meantBy(row, columns) {
  const meant = {};
  for (const [name, kind] of columns) {
    const text = row[name].trim();
    if (kind === "words") meant[name] = text.split(/[,，、\n]+/).map((one) => one.trim()).filter(Boolean);
    else if (kind === "lines") meant[name] = text.split("\n").map((one) => one.trim()).filter(Boolean);
    else if (kind === "number" && text) meant[name] = Number.isNaN(Number(text)) ? text : Number(text);
    else if (text) meant[name] = text;
  }
  return meant;
}
