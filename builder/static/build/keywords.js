// Answers that need no model: words, and what is said to them.

import { html, useRef, useState } from "preact";
import { Button } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { Form } from "../common/form.js";
import { listed, say, t } from "../common/texts.js";

const BETWEEN = /[,，、;；\n]/;
const BLANK = { words: [], match: "exact", text: "" };

/** `saved`: those of the agent; one in which nothing stands yet is not among them. */
export function Keywords({ saved, schema, wrong, change: save }) {
  const root = useRef(null);
  const [rows, setRows] = useState(saved);
  const [removals, setRemovals] = useState(0); // what is typed in a row goes with it
  const change = (next) => {
    setRows(next);
    save(next.filter(isFilled));
  };
  const remove = (i) => (setRemovals(removals + 1), change(rows.toSpliced(i, 1)));
  const wrongIn = (i) => wrong[rows.slice(0, i).filter(isFilled).length] || {};
  const add = () => {
    change([...rows, BLANK]);
    requestAnimationFrame(() => root.current.querySelector(`[data-testid=keyword-words-${rows.length}]`)?.focus());
  };
  return html`<div class="hy-stack" ref=${root}>
    ${
    rows.map((row, i) =>
      html`
        <${Keyword} key="${removals} ${i}" row=${row} i=${i} schema=${schema} wrong=${isFilled(row) ? wrongIn(i) : {}}
          set=${(next) => change(rows.with(i, next))} remove=${() => remove(i)} />
      `
    )
  }
    <div><${Button} label=${t("keywords.add")} icon="plus" look="quiet" id="add-keyword" onClick=${add} /></div>
  </div>`;
}

const isFilled = ({ words, text }) => words.length > 0 || Boolean(text);

function Keyword({ row, i, schema, wrong, set, remove }) {
  const [typed, setTyped] = useState(listed(row.words)); // as it is typed, separators and all
  const id = `keyword-words-${i}`;
  const words = (text) => {
    setTyped(text);
    set({ ...BLANK, ...row, words: text.split(BETWEEN).map((word) => word.trim()).filter(Boolean) });
  };
  return html`
    <div class="hy-keyword" role="group" aria-label=${t("keywords.one", { n: i + 1 })}>
      <div class="hy-list-row">
        <${Field} id=${id} label=${say(schema.properties.words.labels)} hint=${t("keywords.words.hint")} wrong=${wrong
          .words}>
          <${Input} id=${id} value=${typed} wrong=${wrong.words} placeholder=${t("keywords.words.example")}
            onChange=${words} />
          </${Field}>
          <${Button} icon="close" look="quiet icon" title=${t("common.remove")} onClick=${remove} />
          </div>
          <${Form} schema=${schema} only=${["match", "text"]} values=${{ ...BLANK, ...row }} wrong=${wrong}
            onChange=${(values) => set(values)} />
          </div>
  `;
}
