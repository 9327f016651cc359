/** The prompt: a template with its values, or text of one's own. */

import { html, useEffect, useRef, useState } from "preact";
import { Select } from "../static/common/field.js";
import { tokens } from "../static/common/tokens.js";
import { icon } from "./dom.js";
import { useTaken } from "./taken.js";
import { Template } from "./template_field.js";

const PAUSE = 400; // ms after a change

export function Prompt({ field, value, change, context }) {
  const { editor, id } = context;
  const begun = { kept: { ...remembered(editor, id), ...known(value) }, templated: Boolean(value?.template) };
  // `turned`: the other way was chosen here, so there is a way back; `times` that another wording came from outside
  const [held, hold] = useTaken({ ...begun, turned: false, times: 0 }, context.anew);
  const { kept, templated, turned } = held;
  const latest = useRef(held);
  latest.current = held;
  const save = (part, more = {}) => {
    const way = more.templated ?? templated;
    const next = { ...latest.current.kept, ...part };
    hold(latest.current = { ...latest.current, ...more, kept: next });
    editor.prompts = { ...editor.prompts, [id]: next };
    change(promptOf(next, way));
  };
  const turn = (to) => {
    if (to === templated) return;
    const template = kept.template || editor.templates[0]?.id || "";
    // Whoever writes the prompt begins with what it was, and loses nothing by looking.
    const text = to || kept.text ? kept.text : writtenOut(editor, { ...kept, template });
    editor.step();
    save({ template, text }, { templated: to, turned: true });
    editor.step();
  };
  const become = (prompt) => {
    if (!prompt) return;
    editor.step();
    save(prompt, { templated: "template" in prompt, turned: true, times: held.times + 1 });
    editor.step();
  };
  const back = html`<button type="button" class="fe-link" data-testid="prompt-back" onClick=${() => editor.undo()}>
    ${editor.t("prompt_back")}</button>`;
  const inner = { ...context, anew: `${context.anew} ${held.times}` };
  return html`<div class="fe-prompt">
    ${editor.templates.length > 0 && html`<${Ways} editor=${editor} templated=${templated} turn=${turn} />`}
    ${
    turned && html`<p class="fe-note" role="status">
      ${editor.t(templated ? "prompt_turned_template" : "prompt_turned_own")} ${back}
    </p>`
  }
    ${
    templated
      ? html`<${FromTemplate} kept=${kept} save=${save} context=${inner} />`
      : html`<${OwnText} field=${field} text=${kept.text} save=${save} context=${inner} />`
  }
    ${editor.chooseTemplate && html`<${Asks} editor=${editor} kept=${kept} templated=${templated} become=${become} />`}
    ${editor.onPreviewPrompt && html`<${Preview} editor=${editor} prompt=${promptOf(kept, templated)} />`}
  </div>`;
}

/** What it is now, though it be nothing; of the other way nothing. */
const known = (value) =>
  value?.template ? { template: value.template, values: value.values ?? {} } : { text: value?.text ?? "" };

/** What each prompt held the other way, for as long as the page is open. */
const remembered = (editor, id) => ({ text: "", template: "", values: {}, ...editor.prompts?.[id] });

function promptOf({ text, template, values }, templated) {
  if (!templated) return { text };
  return { template, values: Object.fromEntries(Object.entries(values).filter(([, one]) => one !== "")) };
}

const variableOf = (variable) => (typeof variable === "string" ? { name: variable } : variable);

/** A template's text with its blanks filled in, as a beginning for one's own. */
function writtenOut(editor, { template, values }) {
  const chosen = editor.templates.find(({ id }) => id === template);
  return (chosen?.variables ?? []).map(variableOf).reduce(
    (said, { name, default: standard }) =>
      said.replaceAll(new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`, "g"), () => values[name] || editor.say(standard)),
    chosen?.text ?? "",
  );
}

function Ways({ editor, templated, turn }) {
  const way = (title, on, to, testid) =>
    html`
      <button type="button" class="fe-segment ${on ? "on" : ""}" aria-pressed=${String(on)} data-testid=${testid}
        onClick=${() => turn(to)}>${title}</button>
    `;
  return html`<div class="fe-segments" role="group">
    ${way(editor.t("prompt_template"), templated, true, "prompt-template")}
    ${way(editor.t("prompt_own"), !templated, false, "prompt-own")}
  </div>`;
}

/** What the page around can do: choose a template by its look, keep a text as one, find a better wording. */
function Asks({ editor, kept, templated, become }) {
  const { text, template } = kept;
  const choose = async () => {
    const chosen = await editor.chooseTemplate(templated ? template : "");
    if (!chosen || (templated && chosen === template)) return;
    const blanks = (editor.templates.find(({ id }) => id === chosen)?.variables ?? []).map((one) =>
      variableOf(one).name
    );
    const values = Object.fromEntries(Object.entries(kept.values).filter(([name]) => blanks.includes(name)));
    become({ template: chosen, values });
  };
  const improve = async () => {
    const better = await editor.improvePrompt(text);
    if (better !== undefined) become({ text: better });
  };
  const keep = async () => {
    const prompt = await editor.keepTemplate(text);
    if (prompt) become({ values: {}, ...prompt });
  };
  const ask = (key, run) =>
    html`<button type="button" class="fe-link" data-testid=${key} onClick=${() => void run()}>${
      editor.t(key)
    }</button>`;
  return html`<div class="fe-prompt-asks">
    ${ask("prompt_choose", choose)}
    ${
    !templated && text.trim() && [
      editor.improvePrompt && ask("prompt_improve", improve),
      editor.keepTemplate && ask("prompt_keep", keep),
    ]
  }
  </div>`;
}

function OwnText({ field, text, save, context }) {
  const { editor, path } = context;
  const inner = {
    ...context,
    rows: 7,
    compact: false,
    placeholder: editor.t("prompt_placeholder"),
    label: editor.say(field.title),
  };
  return html`
    <div data-field="${path}.text">
      <${Template} long value=${text} change=${(next) => save({ text: next })} context=${inner} />
      <small class="fe-count">${editor.t("prompt_count", { n: [...text].length, tokens: tokens(text) })}</small>
      <span class="fe-wrong" role="alert"></span>
    </div>
  `;
}

function FromTemplate({ kept, save, context }) {
  const { editor, path } = context;
  const chosen = editor.templates.find(({ id }) => id === kept.template);
  const all = chosen ? editor.templates : [{ id: kept.template, title: kept.template }, ...editor.templates];
  const options = all.map((one) => [one.id, editor.say(one.title) || one.id]);
  return [
    html`<div key="template" data-field="${path}.template">
      <span class="fe-select">
        <${Select} class="fe-input" aria-label=${
      editor.t("prompt_template")
    } data-testid="template" value=${kept.template}
          options=${options} onChange=${(template) => save({ template })} />
      </span>
      <span class="fe-hint">${editor.say(chosen?.description)}</span><span class="fe-wrong" role="alert"></span>
    </div>`,
    (chosen?.variables ?? []).map(variableOf).map((variable) =>
      html`<${Value} key="${kept.template} ${variable.name}" variable=${variable} kept=${kept} save=${save} context=${context} />`
    ),
  ];
}

function Value({ variable, kept, save, context }) {
  const { editor, path } = context;
  const { name, title, default: standard } = variable;
  const label = editor.say(title) || name;
  const inner = { ...context, label, rows: 2, compact: true, placeholder: editor.say(standard) };
  const write = (text) => save({ values: { ...kept.values, [name]: text } });
  return html`
    <div class="fe-field" role="group" aria-label=${label} data-field="${path}.values.${name}"
      data-testid="value-${name}">
      <span class="fe-label">${label}</span>
      <${Template} long value=${kept.values[name] ?? ""} change=${write} context=${inner} />
      <span class="fe-wrong" role="alert"></span>
    </div>
  `;
}

/** Only where the page can fill a prompt in: editor.onPreviewPrompt(prompt) → {template, filled, reason}, or a promise of it. */
function Preview({ editor, prompt }) {
  const [open, setOpen] = useState(false);
  const [told, setTold] = useState(/** @type {any} */ ({}));
  const asked = JSON.stringify(prompt);
  useEffect(() => {
    if (!open) return;
    let over = false;
    const ask = async () => {
      const found = (await editor.onPreviewPrompt(prompt)) ?? {};
      if (!over) setTold(typeof found === "string" ? { filled: found } : found);
    };
    const timer = setTimeout(ask, told.filled === undefined && !told.reason ? 0 : PAUSE);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [open, asked]);
  const { filled, reason, template } = told;
  return html`
    <details class="fe-preview-box" data-testid="preview" onToggle=${(event) => setOpen(event.currentTarget.open)}>
      <summary>${icon("chevron")}${editor.t("preview")}</summary>
      <p class="fe-note">${editor.t("preview_hint")}</p>
      <div class="fe-preview-parts" aria-live="polite">
          ${reason && html`<p class="fe-wrong-said">${editor.say(reason)}</p>`}
          ${filled != null && html`<pre class="fe-preview" tabindex="0">${filled || editor.t("preview_empty")}</pre>`}
          ${template && template !== filled &&
            [
              html`<h4 key="title" class="fe-heading">${editor.t("preview_template")}</h4>`,
              html`<pre key="text" class="fe-preview" tabindex="0">${template}</pre>`,
            ]}
        </div>
    </details>
  `;
}
