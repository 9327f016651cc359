/** The form of the selected block: a panel at the side, a sheet from below on phones. */

import { html, useRef, useState } from "preact";
import { useId } from "../static/common/form.js";
import { duration, nameOf, tile } from "./card.js";
import { fill, icon } from "./dom.js";
import { Field } from "./fields.js";
import { follow, holding, timesOf, wrote } from "./held.js";
import { readable } from "./painted.js";
import { Piece } from "./piece.js";
import { isTitle, outputsOf } from "./scope.js";
import { rename } from "./tree.js";
import { EachRound } from "./turn.js";
import { arranged, isWanted, withSetting } from "./values.js";

/** Fill the panel for the selected block, or with what to do next. Of a form that is there, only what is past is drawn anew. */
export function inspect(editor, panel) {
  const block = editor.tree.find(editor.flow, editor.selected)?.block;
  panel.classList.toggle("empty", !block);
  if (block) panel.removeAttribute("tabindex");
  else panel.tabIndex = 0; // nothing in it takes the focus, and it may be longer than the window
  editor.form.drawing += 1;
  const form = block
    ? html`<${Inspector} key=${formOf(editor, block)} editor=${editor} begun=${block} />`
    : html`<${Guide} editor=${editor} />`;
  fill(panel, form);
  showProblems(editor, panel);
}

const OFFERED = [
  ...["language", "readonly", "types", "tools", "variables", "models", "templates", "bases", "agents", "shared"],
  "publications",
];

/** A form is another for another block, and where what its fields offer is another. */
function formOf(editor, { id, type }) {
  const now = [id, type, ...OFFERED.map((name) => editor[name])];
  const { of, name } = editor.form;
  if (!now.every((one, i) => one === of[i])) Object.assign(editor.form, { of: now, name: name + 1 });
  return editor.form.name;
}

/** `begun`: the block as it is when the form is drawn. Its id may change meanwhile. */
function Inspector({ editor, begun }) {
  const kind = editor.types[begun.type];
  const block = () => editor.tree.find(editor.flow, editor.selected).block;
  const context = { editor, id: begun.id, path: "", block };
  const [, redraw] = useState(0);
  const held = useRef(null);
  held.current ??= holding(begun, editor.form.drawing);
  follow(held.current, begun, editor.form.drawing);
  const { now } = held.current;
  const fields = kind?.fields ?? [];
  const inputs = fields.filter((field) =>
    !["id", "title"].includes(field.name) && field.widget !== "flow" && isWanted(field, fields, now)
  );
  const [main, more] = arranged(inputs);
  const change = (field) => (value) => {
    const next = withSetting(block(), field, value);
    editor.change(next.id, next, `${next.id}.${field.name}`);
    wrote(held.current, block());
    if (field.widget === "tool" || fields.some(({ when }) => when?.[0] === field.name)) {
      held.current.now = next; // drawn anew only where a field decides on others, as a tool does on its arguments
      redraw((n) => n + 1);
    }
  };
  const draw = (field) =>
    html`
      <${Field} key=${field.name} anew=${timesOf(held.current, field.name)} field=${field} value=${now[field.name]}
        change=${change(field)} context=${context} />
    `;
  return [
    html`<${Header} key="head" editor=${editor} begun=${begun} kind=${kind} block=${block} />`,
    html`<fieldset key="form" class="fe-form" disabled=${editor.readonly}>
      ${kind ? main.map(draw) : html`<p class="fe-note">${editor.t("unknown_type", { type: begun.type })}</p>`}
      <details class="fe-more-fields">
        <summary>${icon("chevron")}${editor.t("more_settings")}</summary>
        ${more.map(draw)}<${IdField} editor=${editor} begun=${begun} />
      </details>
    </fieldset>`,
    editor.piece && !editor.readonly &&
    html`<${Piece} key="piece ${editor.form.drawing}" editor=${editor} block=${begun} />`,
    html`<${Ran} key="ran" editor=${editor} block=${begun} />`,
    html`<${Results} key="results" editor=${editor} block=${begun} />`,
  ];
}

function Header({ editor, begun, kind, block }) {
  const typeName = editor.say(kind?.title) || begun.type;
  const write = (event) => {
    const { title: _, ...rest } = block();
    const { type, id, ...others } = rest;
    const title = event.target.value;
    editor.change(id, title ? { type, id, title, ...others } : rest, `${id}.title`);
  };
  const more = editor.t("more_of", { name: nameOf(editor, begun) });
  return html`<header class="fe-panel-head">
    ${tile(kind ?? { icon: "question" })}
    <div class="fe-panel-title">
      <input class="fe-title" type="text" value=${begun.title ?? ""} placeholder=${typeName} aria-label=${
    editor.t("title")
  }
        disabled=${editor.readonly} data-testid="title" onInput=${write} />
      <small>${editor.say(kind?.hint) || typeName}</small>
    </div>
    <button type="button" class="fe-ghosted" title=${editor.t("more")} aria-label=${more} aria-haspopup="menu"
      hidden=${editor.readonly} onClick=${(event) => editor.blockMenu(block().id, event.currentTarget)}>${
    icon("more")
  }</button>
    <button type="button" class="fe-ghosted" title=${editor.t("close")} aria-label=${
    editor.t("close")
  } data-testid="close"
      onClick=${() => editor.select("")}>${icon("close")}</button>
  </header>`;
}

/** The id, checked before it is taken; references in the whole flow follow. */
function IdField({ editor, begun }) {
  const [refused, refuse] = useState({ why: "", drawing: 0 });
  const wrong = refused.drawing === editor.form.drawing && refused.why; // told until the panel is drawn again
  const label = useId("fe-label");
  const take = (event) => {
    const to = event.target.value.trim();
    const why = to === begun.id ? "" : refusal(editor, to);
    refuse({ why, drawing: editor.form.drawing });
    if (to !== begun.id && !why) editor.replace(rename(editor.tree, editor.flow, begun.id, to), "rename", to);
  };
  return html`<div class="fe-field" data-field="id" data-testid="field-id">
    <span class="fe-label" id=${label}>${editor.t("id")}</span>
    <input class="fe-input fe-code" type="text" value=${begun.id} aria-labelledby=${label} spellcheck=${false} onChange=${take} />
    ${wrong && html`<span class="fe-wrong-said" role="alert">${wrong}</span>`}
    <span class="fe-wrong" role="alert"></span>
    <span class="fe-hint">${editor.t("id_hint")}</span>
  </div>`;
}

function refusal(editor, id) {
  if (!/^[a-z_][a-z0-9_]{0,63}$/.test(id)) return editor.t("id_form");
  return editor.taken().includes(id) ? editor.t("id_taken", { id }) : "";
}

/** What later blocks may use of this one; of a turn that is drawn, with what it gave. */
function Results({ editor, block }) {
  const ran = editor.turn?.[block.id];
  const { ends, goes_on: goesOn } = editor.types[block.type] ?? {};
  const outputs = ends && !goesOn ? [] : Object.entries(outputsOf(block, editor.types));
  if (!outputs.length) return null;
  return html`<section class="fe-results">
    <h2 class="fe-heading">${editor.t("results")}</h2>
    ${
    outputs.map(([key, title]) =>
      html`<div key=${key} class="fe-result-row"><code>${`{{ ${block.id}.${key} }}`}</code><span>${
        isTitle(key, title) && editor.say(title)
      }</span>${ran?.output && key in ran.output && html`<${Value} value=${ran.output[key]} />`}</div>`
    )
  }
  </section>`;
}

/** What a block did in the turn that is drawn: how it went, which models and tools it used. */
function Ran({ editor, block }) {
  const ran = editor.turn?.[block.id];
  if (!editor.turn) return null;
  const how = ran
    ? [
      editor.t(`status_${ran.status}`),
      duration(ran.ms),
      ran.runs > 1 && editor.t("ran_times", { n: ran.runs }),
      ...ran.models,
    ]
    : [editor.t("passed")];
  return html`<section class="fe-results" data-testid="ran">
    <h2 class="fe-heading">${editor.t("ran")}</h2>
    <p>${how.filter(Boolean).join(" · ")}</p>
    ${EachRound({ editor, block })}
    ${ran?.why && html`<p class="fe-wrong-said">${editor.say(ran.why)}</p>`}
    ${
    (ran?.tools ?? []).map((tool, i) =>
      html`
        <div key=${i}
          class="fe-result-row"><code>${tool.name}</code><span>${tool.failed
            ? editor.t("status_failed")
            : duration(tool.ms ?? 0)}</span><${Value} value=${tool.given} /><${Value} value=${tool.result} /></div>
      `
    )
  }
  </section>`;
}

function Value({ value }) {
  const text = readable(value ?? "");
  return text ? html`<pre class="fe-value" tabindex="0">${text.slice(0, 4000)}</pre>` : null;
}

function Guide({ editor }) {
  const row = ({ keys, does }) => [
    html`<dt key=${does}><kbd>${keys}</kbd></dt>`,
    html`<dd key="${does}-does">${editor.t(`keys_${does}`)}</dd>`,
  ];
  const what = editor.readonly ? "look" : "set";
  return html`<div class="fe-guide">
    ${icon("flow")}<strong>${editor.t(`guide_${what}`)}</strong><p>${editor.t(`guide_${what}_hint`)}</p>
    <dl class="fe-keys">${editor.shortcuts.filter(({ edits }) => !(edits && editor.readonly)).map(row)}</dl>
  </div>`;
}

/** Write each problem under the field it belongs to: the innermost one drawn, which only the drawn form knows. */
export function showProblems(editor, panel) {
  for (const node of panel.querySelectorAll(".fe-bad")) node.classList.remove("fe-bad");
  for (const node of panel.querySelectorAll(".fe-wrong")) node.textContent = "";
  const isMild = ({ level }) => level === "warning"; // it works as it is
  const here = editor.problems.filter(({ id }) => id === editor.selected);
  for (const problem of here.toSorted((a, b) => Number(isMild(a)) - Number(isMild(b)))) {
    const box = fieldOf(panel, problem.field);
    const place = [...(box?.querySelectorAll(".fe-wrong") ?? [])].find((node) => node.closest("[data-field]") === box);
    if (!place || place.textContent) continue;
    place.textContent = editor.say(problem.text);
    place.classList.toggle("mild", isMild(problem));
    box.classList.toggle("fe-bad", !isMild(problem));
  }
}

/** The innermost drawn field whose path starts the given one. */
export function fieldOf(panel, path) {
  const starts = (name) => path === name || path.startsWith(`${name}.`);
  const found = [...panel.querySelectorAll("[data-field]")].filter((node) => starts(node.dataset.field));
  return found.sort((a, b) => b.dataset.field.length - a.dataset.field.length)[0];
}
