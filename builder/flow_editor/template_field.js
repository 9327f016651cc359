/** Text with variables: an area or a line, and below it the values that may be inserted. */

import { html, useRef } from "preact";
import { Input } from "../static/common/field.js";
import { nameOf } from "./card.js";
import { icon } from "./dom.js";
import { menu } from "./menu.js";
import { isTitle, scope } from "./scope.js";
import { useTaken } from "./taken.js";

const CHIPS = 8; // shown before "more"
const ROWS = { least: 4, most: 12 };

/** `long`: an area. */
export function Template({ field, value, change, context, long = false }) {
  const [text, setText] = useTaken(value ?? "", context.anew);
  const [lines] = useTaken(rows(value ?? "", context.rows), context.anew);
  const box = useRef(null);
  const write = (next) => (setText(next), change(next));
  const pick = (value) => {
    const input = box.current.querySelector("input, textarea");
    if (text && text === field?.default) input.select(); // nobody wrote it
    insert(input, written(context, value));
    write(input.value);
  };
  const name = context.label ? { "aria-label": context.label } : { "aria-labelledby": context.labelledby };
  return html`
    <div class="fe-template" ref=${box}>
      <${Input} class="fe-input ${long ? "fe-area" : ""}" rows=${long ? lines : 0} value=${text} spellcheck=${false}
        placeholder=${context.placeholder} list=${context.list} onChange=${write} ...${name} />
      <${Chips} context=${context} pick=${pick} />
    </div>
  `;
}

/** As it stands in a template: in a request, several values are JSON. */
const written = ({ wire }, { name, data }) => `{{ ${name}${wire && data ? "|tojson" : ""} }}`;

const rows = (text, least = ROWS.least) => Math.min(ROWS.most, Math.max(least, text.split("\n").length + 1));

/** Put text at the cursor, over what is selected. */
export function insert(input, text) {
  const { selectionStart: from, selectionEnd: to } = input;
  input.setRangeText(text, from ?? input.value.length, to ?? input.value.length, "end");
  input.focus();
}

/** What the block in `context` may refer to. */
export function visible({ editor, id, inside, sees, beside }) {
  const own = Object.entries(sees ?? {}).map(([name, title]) => ({ name, title, kind: "block" }));
  return [...own, ...(sees && beside ? beside() : []), ...scope(editor.tree, editor.flow, id, editor, inside)];
}

/** "查资料 · 找到的段落": where a value comes from and what it is. */
export function spoken(editor, value) {
  const title = editor.say(value.title);
  return value.block ? `${nameOf(editor, value.block)} · ${title}` : title;
}

/** The same; a name looks like one. */
function told(editor, value) {
  if (!value.block || isTitle(value.name, value.title)) return spoken(editor, value);
  return html`${nameOf(editor, value.block)} · <code>${value.title}</code>`;
}

function Chips({ context, pick }) {
  const { editor, compact } = context;
  const values = visible(context);
  const shown = compact ? [] : values.length > CHIPS + 1 ? values.slice(0, CHIPS) : values;
  const entry = (value) => ({
    title: spoken(editor, value),
    hint: written(context, value),
    kind: value.block && editor.types[value.block.type],
    icon: "code",
    run: () => pick(value),
  });
  const all = (event) => menu(editor, event.currentTarget, editor.t("variables"), values.map(entry));
  const more = compact ? editor.t("variables") : editor.t("more_values", { n: values.length - shown.length });
  return html`<div class="fe-chips" role="group" aria-label=${editor.t("variables")}>
    ${
    shown.map((value) =>
      html`
        <button key=${value.name} type="button" class="fe-chip ${value.kind}" title="{{ ${value.name} }}"
          data-testid="chip-${value.name}" onClick=${() => pick(value)}>${told(editor, value)}</button>
      `
    )
  }
    ${
    shown.length < values.length &&
    html`<button type="button" class="fe-chip more" aria-haspopup="menu" onClick=${all}>${more}${
      icon("chevron")
    }</button>`
  }
  </div>`;
}
