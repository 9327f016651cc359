/** The form of the selected block: a panel at the side, a sheet from below on phones. */

import { html, useState } from "preact";
import { useId } from "../static/common/form.js";
import { duration, nameOf, tile } from "./card.js";
import { fill, icon } from "./dom.js";
import { Field } from "./fields.js";
import { readable } from "./painted.js";
import { Piece } from "./piece.js";
import { isTitle, outputsOf } from "./scope.js";
import { rename } from "./tree.js";
import { EachRound } from "./turn.js";
import { arranged, isWanted, withSetting } from "./values.js";

/** Fill the panel for the selected block, or with what to do next: anew, since what the form holds may be past. */
export function inspect(editor, panel) {
  const block = editor.tree.find(editor.flow, editor.selected)?.block;
  panel.classList.toggle("empty", !block);
  if (block) panel.removeAttribute("tabindex");
  else panel.tabIndex = 0; // nothing in it takes the focus, and it may be longer than the window
  editor.forms = (editor.forms ?? 0) + 1;
  const form = block
    ? html`<${Inspector} key=${editor.forms} editor=${editor} begun=${block} />`
    : html`<${Guide} editor=${editor} />`;
  fill(panel, form);
  showProblems(editor, panel);
}

/** `begun`: the block as it is when the form is drawn. Its id may change meanwhile. */
function Inspector({ editor, begun }) {
  const kind = editor.types[begun.type];
  const block = () => editor.tree.find(editor.flow, editor.selected).block;
  const context = { editor, id: begun.id, path: "", block };
  const [now, setNow] = useState(begun); // drawn anew only where a field decides on others, as a tool does on its arguments
  const fields = kind?.fields ?? [];
  const inputs = fields.filter((field) =>
    !["id", "title"].includes(field.name) && field.widget !== "flow" && isWanted(field, fields, now)
  );
  const [main, more] = arranged(inputs);
  const change = (field) => (value) => {
    const next = withSetting(block(), field, value);
    editor.change(next.id, next, `${next.id}.${field.name}`);
    if (field.widget === "tool" || fields.some(({ when }) => when?.[0] === field.name)) setNow(next);
  };
  const draw = (field) =>
    html`<${Field} key=${field.name} field=${field} value=${now[field.name]} change=${
      change(field)
    } context=${context} />`;
  return [
    html`<${Header} key="head" editor=${editor} begun=${begun} kind=${kind} block=${block} />`,
    html`<fieldset key="form" class="fe-form" disabled=${editor.readonly}>
      ${kind ? main.map(draw) : html`<p class="fe-note">${editor.t("unknown_type", { type: begun.type })}</p>`}
      <details class="fe-more-fields">
        <summary>${icon("chevron")}${editor.t("more_settings")}</summary>
        ${more.map(draw)}<${IdField} editor=${editor} begun=${begun} />
      </details>
    </fieldset>`,
    editor.piece && !editor.readonly && html`<${Piece} key="piece ${begun.id}" editor=${editor} block=${begun} />`,
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
  const [wrong, setWrong] = useState("");
  const label = useId("fe-label");
  const take = (event) => {
    const to = event.target.value.trim();
    const refused = to === begun.id ? "" : refusal(editor, to);
    setWrong(refused);
    if (to !== begun.id && !refused) editor.replace(rename(editor.tree, editor.flow, begun.id, to), "rename", to);
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
  for (const problem of editor.problems.filter(({ id }) => id === editor.selected)) {
    const box = fieldOf(panel, problem.field);
    const place = [...(box?.querySelectorAll(".fe-wrong") ?? [])].find((node) => node.closest("[data-field]") === box);
    if (!place) continue;
    place.textContent = editor.say(problem.text);
    box.classList.add("fe-bad");
  }
}

/** The innermost drawn field whose path starts the given one. */
export function fieldOf(panel, path) {
  const starts = (name) => path === name || path.startsWith(`${name}.`);
  const found = [...panel.querySelectorAll("[data-field]")].filter((node) => starts(node.dataset.field));
  return found.sort((a, b) => b.dataset.field.length - a.dataset.field.length)[0];
}
