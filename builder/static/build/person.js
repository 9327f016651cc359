// What the agent keeps of each person: a row for each value, with its type and who may change it.

import { html, useRef } from "preact";
import { Button } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { Form } from "../common/form.js";
import { t } from "../common/texts.js";

const FIELDS = ["name", "type", "title", "who"];

export function PersonValues({ work, wrong }) {
  const root = useRef(null);
  const rows = work.autosave.data.person || [];
  const schema = work.opened.schema.$defs.PersonValue;
  const change = (person) => work.change({ person });
  const add = () => {
    change([...rows, { name: freeName(rows), type: "text", who: "agent", title: "" }]);
    requestAnimationFrame(() => root.current.querySelector(`[data-testid=person-${rows.length}] input`)?.select());
  };
  return html`<div class="hy-stack" ref=${root}>
    ${
    rows.map((row, i) =>
      html`
        <${One} key=${i} row=${row} i=${i} schema=${schema} wrong=${wrong[i] || {}} set=${(next) =>
          change(rows.with(i, next))}
          remove=${() => change(rows.toSpliced(i, 1))} />
      `
    )
  }
    <div><${Button} label=${
    t("person_values.add")
  } icon="plus" look="quiet" id="add-person-value" onClick=${add} /></div>
  </div>`;
}

function One({ row, i, schema, wrong, set, remove }) {
  const id = `person-default-${i}`;
  const initial = row.default ?? "";
  const text = typeof initial === "string" ? initial : JSON.stringify(initial);
  return html`
    <div class="hy-keyword" role="group" data-testid="person-${i}" aria-label=${row.title || row.name}>
      <${Form} schema=${schema} only=${FIELDS} values=${{
        type: "text",
        who: "agent",
        title: "",
        ...row,
      }} wrong=${wrong}
        columns onChange=${(values) => set({ ...row, ...values })} />
      <div class="hy-list-row">
        <${Field} id=${id} label=${t("person_values.default")} wrong=${wrong.default} optional>
          <${Input} id=${id} data-testid=${id} value=${text} wrong=${wrong.default} onChange=${(value) =>
            set({ ...row, default: value || null })} />
          </${Field}>
          <${Button} icon="close" look="quiet icon" title=${t("common.remove")} onClick=${remove} />
          </div>
          </div>
  `;
}

function freeName(rows) {
  let n = rows.length + 1;
  while (rows.some((row) => row.name === `value${n}`)) n += 1;
  return `value${n}`;
}
