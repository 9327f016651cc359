/** The test button of a tool: its arguments, written by hand, and what it really answers. */

import { html, useState } from "preact";
import { useId } from "../static/common/form.js";
import { confirmed } from "../static/common/dialog.js";
import { Input, Select } from "../static/common/field.js";
import { icon } from "./dom.js";

/** Only where the page can run it: editor.toolForm(tool), editor.tryTool(tool, arguments) → {ok, value, text}. `tool()`: as it is by now. */
export const ToolTrial = ({ tool, editor }) =>
  editor.tryTool && html`
    <${Trial} editor=${editor} title=${editor.t("trial")} hint=${editor.t("trial_hint")}
      form=${() => editor.toolForm(tool())} once=${(given) => editor.tryTool(tool(), given)} />
  `;

/** Blanks to fill in by hand, and what comes of it; `form()` and `once(given)` answer {ok, value, text}. */
export function Trial({ editor, title, hint, form: shape, once }) {
  const [form, setForm] = useState(null); // {parameters, acts}, or {wrong}
  const [given, setGiven] = useState({});
  const [seen, setSeen] = useState(null); // {failed, text, ms}; {} while it runs
  if (editor.readonly) return null;
  const ask = async () => {
    const answer = await shape();
    setForm(answer.ok ? answer.value : { wrong: answer.text });
  };
  const acts = form?.acts?.map((one) => editor.say(one)).join(" · ");
  const asked = () => confirmed(editor.t("really_run"), editor.t("trial_acts", { acts }), editor.t("trial_run"));
  const run = async () => {
    if (acts && !(await asked())) return;
    setSeen({});
    const answer = await once(argumentsOf(form.parameters, given));
    setSeen(answer.ok ? answer.value : { failed: true, text: editor.say(answer.text) });
  };
  const blank = ([name, about]) =>
    html`<${Blank} key=${name} name=${name} about=${about} value=${given[name] ?? ""} set=${(text) =>
      setGiven({ ...given, [name]: text })} />`;
  return html`
    <details class="fe-preview-box" data-testid="tool-trial" onToggle=${({ currentTarget }) =>
      currentTarget.open && void ask()}>
      <summary>${icon("chevron")}${title}</summary>
      <p class="fe-note">${acts ? editor.t("trial_acts", { acts }) : hint}</p>
      ${form?.wrong && html`<p class="fe-wrong-said" role="alert">${editor.say(form.wrong)}</p>`}
      ${form?.parameters && [
        ...Object.entries(form.parameters.properties ?? {}).map(blank),
        html`
          <button key="run" type="button" class="fe-button" data-testid="tool-run" disabled=${seen && !seen.text}
            onClick=${() => void run()}>${icon("play")}${editor.t("trial_run")}</button>
        `,
      ]}
      <div aria-live="polite">${seen && html`<${Outcome} seen=${seen} editor=${editor} />`}</div>
    </details>
  `;
}

function Outcome({ seen: { failed, text, ms }, editor }) {
  if (text === undefined) return html`<p class="fe-note">${editor.t("trial_runs")}</p>`;
  return [
    html`<h4 key="head" class="fe-heading">${editor.t(failed ? "trial_failed" : "trial_done", { ms: ms ?? 0 })}</h4>`,
    html`<pre key="text" class="fe-preview" tabindex="0" data-testid="tool-result">${
      text || editor.t("preview_empty")
    }</pre>`,
  ];
}

/** One argument; what it is for stands below, as a model is told. */
function Blank({ name, about, value, set }) {
  const id = useId("fe-trial");
  const options = about.enum && [["", ""], ...about.enum.map((one) => [String(one), String(one)])];
  return html`<div class="fe-field">
    <label class="fe-label" for=${id}>${name}</label>
    ${
    options
      ? html`<${Select} class="fe-input" id=${id} value=${value} options=${options} onChange=${set} />`
      : html`<${Input} class="fe-input" id=${id} value=${value} onChange=${set} data-testid="trial-${name}" />`
  }
    <span class="fe-hint">${about.description}</span>
  </div>`;
}

/** What was written as the schema wants it; what is no JSON stays text, and the tool says what is wrong with it. */
function argumentsOf({ properties = {} }, given) {
  const written = Object.entries(given).filter(([name, text]) => text !== "" && name in properties);
  return Object.fromEntries(written.map(([name, text]) => [name, read(properties[name], text)]));
}

function read({ type }, text) {
  if (type === "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
