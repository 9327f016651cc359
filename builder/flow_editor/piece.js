/** Run a piece of the flow from a block's form: this block alone, or from here on, with values of the turn that is drawn. */

import { html, useEffect, useState } from "preact";
import { confirmed } from "../static/common/dialog.js";
import { Input } from "../static/common/field.js";
import { useId } from "../static/common/form.js";
import { icon } from "./dom.js";
import { readable } from "./painted.js";
import { valuesAt } from "./turn.js";

const NEW = { open: false, on: false, given: {}, text: null, seen: null };

/** What was filled in for a block is there again when its form is drawn anew. */
function useKept(editor, id) {
  editor.pieces ??= new Map();
  const [, redraw] = useState(0);
  const state = editor.pieces.get(id) ?? NEW;
  const set = (part) => {
    editor.pieces.set(id, { ...(editor.pieces.get(id) ?? NEW), ...part });
    redraw((n) => n + 1);
  };
  return [state, set];
}

/** Only where the page can run it: editor.piece = {form(id, on), run(id, on, values, text, name), stop(name)}. */
export function Piece({ editor, block }) {
  const [state, set] = useKept(editor, block.id);
  const { open, on, given, seen } = state;
  const [form, setForm] = useState(null); // {names, acts}, or {wrong}
  useEffect(() => {
    if (open) {
      void editor.piece.form(block.id, on).then((answer) => setForm(answer.ok ? answer.value : { wrong: answer.text }));
    }
  }, [open, on]);
  const values = valuesAt(editor, block.id);
  const shown = (name) => given[name] ?? readable(at(values, name) ?? "");
  const text = state.text ?? editor.asked;
  const acts = form?.acts?.map((one) => editor.say(one)).join(" · ");
  const asked = () => confirmed(editor.t("really_run"), editor.t("trial_acts", { acts }), editor.t("trial_run"));
  const go = async () => {
    if (acts && !(await asked())) return;
    await run(editor, block.id, { on, text, values, given, names: form.names }, set);
  };
  const way = (is, name) =>
    html`
      <label class="fe-way"><input type="radio" name="fe-way" checked=${on === is} data-testid="piece-${name}"
        onChange=${() => set({ on: is })} />${editor.t(`piece_${name}`)}</label>
    `;
  return html`
    <details class="fe-preview-box fe-piece" data-testid="piece" open=${open} onToggle=${({ currentTarget }) =>
      currentTarget.open !== open && set({ open: currentTarget.open })}>
      <summary>${icon("play")}${editor.t("piece")}</summary>
      <div class="fe-ways" role="radiogroup" aria-label=${editor.t("piece")}>${way(false, "alone")}${way(
        true,
        "on",
      )}</div>
      <p class="fe-note">${acts ? editor.t("trial_acts", { acts }) : editor.t("piece_hint")}</p>
      ${form?.wrong && html`<p class="fe-wrong-said" role="alert">${editor.say(form.wrong)}</p>`}
      ${form?.names && [
        html`<${Blank} key="message" label=${editor.t("piece_text")} id="text" value=${text} set=${(next) =>
          set({ text: next })} />`,
        form.names.map((name) =>
          html`<${Blank} key=${name} label=${name} id=${name} value=${shown(name)} set=${(next) =>
            set({ given: { ...given, [name]: next } })} />`
        ),
        html`<${Run} key="run" editor=${editor} seen=${seen} go=${() => void go()} />`,
      ]}
      <div aria-live="polite" data-testid="piece-outcome">${seen &&
        html`<${Outcome} editor=${editor} seen=${seen} />`}</div>
    </details>
  `;
}

function Run({ editor, seen, go }) {
  if (!seen?.runs) {
    return html`<button type="button" class="fe-button" data-testid="piece-run" onClick=${go}>${icon("play")}${
      editor.t("trial_run")
    }</button>`;
  }
  return html`<button type="button" class="fe-button" data-testid="piece-stop" onClick=${() =>
    editor.piece.stop(seen.runs)}>${icon("close")}${editor.t("piece_stop")}</button>`;
}

function Outcome({ editor, seen: { runs, stopped, wrong, events = [] } }) {
  if (runs) return html`<p class="fe-note"><span class="fe-spinner"></span> ${editor.t("trial_runs")}</p>`;
  if (wrong) return html`<p class="fe-wrong-said" role="alert">${editor.say(wrong)}</p>`;
  const failed = events.find(({ type }) => type === "failed");
  const end = events.findLast(({ type }) => type === "replied" || type === "waited");
  const ms = events.at(-1)?.at ?? 0;
  const head = stopped ? "piece_stopped" : failed ? "trial_failed" : "trial_done";
  return html`<h4 class="fe-heading">${editor.t(head, { ms })}</h4>
    ${
    (failed || end?.text) &&
    html`<pre class="fe-preview" tabindex="0">${failed ? editor.say(failed.reason) : end.text}</pre>`
  }`;
}

function Blank({ label, id, value, set }) {
  const own = useId("fe-piece");
  return html`
    <div class="fe-field">
      <label class="fe-label" for=${own}>${label}</label>
      <${Input} class="fe-input" id=${own} rows=${2} value=${value} onChange=${set}
        data-testid="piece-${id}" />
    </div>
  `;
}

/** The value at a name such as "docs.text". */
const at = (values, name) => name.split(".").reduce((inner, key) => inner?.[key], values);

/** What was written by hand over what the turn gave; a list or an object as JSON. */
function filled(values, given, names) {
  const all = structuredClone(values);
  for (const name of names.filter((one) => one in given)) {
    const [id, key] = name.split(".");
    if (!key) all[id] = read(given[name]);
    else all[id] = { ...(all[id] ?? {}), [key]: read(given[name]) };
  }
  return all;
}

function read(text) {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function run(editor, id, { on, text, values, given, names }, set) {
  const name = crypto.getRandomValues(new Uint32Array(2)).join("-");
  set({ seen: { runs: name } });
  const answer = await editor.piece.run(id, on, filled(values, given, names), text, name);
  if (!answer.ok) return set({ seen: { wrong: answer.text } });
  const { events, stopped } = answer.value;
  const ran = new Set(events.map(({ block }) => block));
  const before = (editor.events ?? []).filter(({ block }) => block && !ran.has(block));
  set({ seen: { events, stopped } });
  editor.paint([...before, ...events]);
  editor.redrawPanel();
  editor.panel.querySelector("[data-testid=piece-run]")?.focus();
}
