/** A condition: rows that a person reads, which write the Jinja expression; or the expression itself. */

import { html, useState } from "preact";
import { Input, Select } from "../static/common/field.js";
import { icon } from "./dom.js";
import { alone, comparisons, parse, write } from "./expression.js";
import { menu } from "./menu.js";
import { spoken, visible } from "./template_field.js";

export function Condition({ value, change, context }) {
  const { editor } = context;
  const [source, setSource] = useState(value ?? "");
  const [free, setFree] = useState(parse(value ?? "") === null);
  const parsed = parse(source);
  const asRows = parsed && !free;
  const set = (next) => (setSource(next), change(next));
  return html`<div class="fe-condition">
    ${
    asRows ? html`<${Helper} context=${context} parsed=${parsed} set=${set} />` : html`
      <${Input} class="fe-input fe-code" rows=${2} value=${source} spellcheck=${false}
        placeholder="'…' in message.text" aria-label=${editor.t("expression")} onChange=${set} />
    `
  }
    <button type="button" class="fe-link" data-testid="condition-mode" disabled=${!parsed}
      title=${parsed ? "" : editor.t("use_rows_not")} onClick=${() => setFree(!free)}>
      ${editor.t(asRows ? "write_expression" : "use_rows")}
    </button>
  </div>`;
}

/** Rows as they are being written; a text that means another row is still this one. */
function Helper({ context, parsed, set }) {
  const { editor } = context;
  const first = Object.keys(context.sees ?? {})[0];
  const blank = { name: first ?? "message.text", is: first ? "equals" : "contains", text: "" };
  const [now, setNow] = useState(parsed.rows.length ? parsed : { join: "and", rows: [blank] });
  const save = (part) => {
    const next = { ...now, ...part };
    setNow(next);
    set(write(next));
  };
  const { join, rows } = now;
  const line = (row, i) => {
    const switchJoin = () => save({ join: join === "and" ? "or" : "and" });
    const remove = rows.length > 1 ? () => save({ rows: rows.toSpliced(i, 1) }) : null;
    return [
      i > 0 && html`
        <button key="join-${i}" type="button" class="fe-join" title=${editor.t("switch_join")}
          onClick=${switchJoin}>${editor.t(join)}</button>
      `,
      html`
        <${Row} key="row-${i}" context=${context} row=${row} remove=${remove}
          change=${(part) => save({ rows: rows.with(i, { ...row, ...part }) })} />
      `,
    ];
  };
  return [
    rows.map(line),
    html`
      <button key="add" type="button" class="fe-link" data-testid="condition-add"
        onClick=${() => save({ rows: [...rows, blank] })}>${icon("plus")}${editor.t("add_condition")}</button>
    `,
  ];
}

function Row({ context, row, change, remove }) {
  const { editor } = context;
  const known = visible(context);
  const names = known.some(({ name }) => name === row.name) ? known : [{ name: row.name, title: row.name }, ...known];
  const choice = (label, options, value, choose) =>
    html`
      <span class="fe-select">
        <${Select} class="fe-input" aria-label=${label} value=${value} options=${options} onChange=${choose} />
      </span>
    `;
  const is = comparisons.map((name) => [name, editor.t(`is_${name}`)]);
  const values = names.map((value) => [value.name, spoken(editor, value)]);
  const entry = (value) => ({
    title: spoken(editor, value),
    hint: value.name,
    icon: "code",
    run: () => change({ text: `{{ ${value.name} }}` }),
  });
  const other = ({ currentTarget }) => menu(editor, currentTarget, editor.t("condition_other"), known.map(entry));
  return html`<div class="fe-condition-row">
    ${choice(editor.t("condition_value"), values, row.name, (name) => change({ name }))}
    ${choice(editor.t("condition_is"), is, row.is, (next) => change({ is: next }))}
    ${
    !alone.has(row.is) && html`
      <span class="fe-condition-text">
        <${Input} class="fe-input" value=${row.text} placeholder=${editor.t("condition_text")}
          aria-label=${editor.t("condition_text")} onChange=${(text) => change({ text })} />
        <button type="button" class="fe-ghosted" title=${editor.t("condition_other")} aria-haspopup="menu"
          aria-label=${editor.t("condition_other")} data-testid="condition-other" onClick=${other}>${icon(
            "code",
          )}</button>
      </span>
    `
  }
    ${
    remove && html`
      <button type="button" class="fe-ghosted" title=${editor.t("remove")} aria-label=${editor.t("remove")}
        onClick=${remove}>${icon("close")}</button>
    `
  }
  </div>`;
}
