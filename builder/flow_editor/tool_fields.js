/** Tools: cards that open to the tool's own form; one tool with its form. */

import { html, useEffect, useRef, useState } from "preact";
import { tile, toolTitle } from "./card.js";
import { icon } from "./dom.js";
import { menu } from "./menu.js";
import { Inner } from "./row_fields.js";
import { Sortable } from "./sortable.js";
import { ToolTrial } from "./tool_trial.js";
import { makeTool } from "./values.js";

const entries = (editor, run) =>
  Object.entries(editor.tools).map(([type, kind]) => ({
    title: editor.say(kind.title),
    hint: editor.say(kind.hint),
    kind,
    testid: `tool-${type}`,
    run: () => run(type),
  }));

/** Whether tools of that type are chosen among what a source offers. */
const isImported = (editor, type) => Boolean(editor.tools[type].imports && editor.importTools);

export function Tools({ field, value, change, context }) {
  const { editor, path } = context;
  const added = useRef(null); // shown open, since it is what the person wants to set up
  const make = (type) => (tools) => added.current = makeTool(editor, type, tools.map((tool) => tool.name || tool.type));
  const now = useRef(value ?? []);
  const [brought, setBrought] = useState(0); // times that the list became another one
  const save = (tools) => change(now.current = tools);
  const bring = async (type) => {
    const tools = await editor.importTools(type, now.current, false);
    if (tools) save(tools), setBrought((n) => n + 1);
  };
  const ask = (append, anchor) =>
    menu(
      editor,
      anchor,
      editor.t("add_tool"),
      entries(editor, (type) => isImported(editor, type) ? void bring(type) : append(make(type))),
    );
  const draw = (tool, set, index) =>
    html`<${ToolCard} tool=${tool} set=${set} context=${{ ...context, path: `${path}.${index}` }} first=${
      tool === added.current
    } />`;
  return html`
    <${Sortable} key=${brought} editor=${editor} items=${now.current} change=${save} draw=${draw} ask=${ask}
      testid="tools"
      add=${editor.t("add_tool")} most=${field.maxItems} />
  `;
}

/** How it is set up stands before what a model is told of it. */
const ownFirst = (fields) => fields.toSorted((a, b) => Number(a.told) - Number(b.told));

/** One tool, folded; its form is drawn when it is opened. */
function ToolCard({ tool, set, context, first }) {
  const { editor, path } = context;
  const [open, setOpen] = useState(first);
  const [begun, setBegun] = useState(tool); // what its form was drawn with
  const kind = editor.tools[tool.type];
  const unfold = ({ currentTarget }) => {
    if (currentTarget.open && !open) setBegun(tool);
    setOpen(currentTarget.open);
  };
  const text = html`<span class="fe-menu-text">
    <span>${toolTitle(editor, tool) || editor.say(kind?.title) || tool.type}</span><small>${
    tool.name || tool.type
  }</small>
  </span>`;
  return html`
    <details class="fe-tool-card" open=${open} data-field=${path} onToggle=${unfold}>
      <summary>${icon("chevron")}${tile(kind ?? { icon: "question" })}${text}</summary>
      <div class="fe-tool-body">
          ${open && [
            html`<${Inner} key="form" fields=${
              ownFirst(kind?.fields ?? [])
            } object=${begun} set=${set} context=${context} />`,
            html`<${ToolTrial} key="trial" tool=${() => tool} editor=${editor} />`,
          ]}
        </div>
    </details>
  `;
}

/** Nothing is chosen yet: what there is, to click. */
const Choice = ({ editor, take }) =>
  html`
    <div class="fe-choice" role="group" aria-label=${editor.t("choose_tool")}>
      ${entries(editor, take).map(({ title, hint, kind, testid, run }) =>
        html`
          <button key=${testid} type="button" class="fe-source" style=${{ "--c": kind.color }} data-testid=${testid}
            onClick=${run}>${tile(
              kind,
            )}<span class="fe-menu-text"><span>${title}</span><small>${hint}</small></span></button>
        `
      )}
    </div>
  `;

export function Tool({ field, value, change, context }) {
  const { editor } = context;
  const [tool, setTool] = useState(value);
  const latest = useRef(value);
  const picker = useRef(/** @type {HTMLElement | null} */ (null));
  const first = useRef(!value?.type);
  const set = (next) => change(latest.current = next);
  const kind = editor.tools[tool?.type];
  useEffect(() => { // what was chosen from is gone: whoever goes by keys is at what came of it
    if (first.current && tool?.type) picker.current?.focus({ preventScroll: true });
    first.current = !tool?.type;
  }, [tool?.type]);
  const take = async (type) => {
    const next = isImported(editor, type)
      ? (await editor.importTools(type, [], true))?.[0]
      : makeTool(editor, type, []);
    if (!next) return;
    setTool(next);
    set(next);
  };
  const choose = ({ currentTarget }) => menu(editor, currentTarget, editor.say(field.title), entries(editor, take));
  if (!kind && !tool?.type) return html`<${Choice} editor=${editor} take=${take} />`;
  // What a model is told of a tool matters only where one is.
  const fields = (kind?.fields ?? []).filter((one) => !one.told);
  return html`
    <div class="fe-one-tool">
      <button type="button" class="fe-picker" aria-haspopup="menu" data-testid="tool-pick" ref=${picker}
        onClick=${choose}>
          ${tile(kind ?? { icon: "tool" })}
          <span class="fe-menu-text">
            <span>${editor.say(kind?.title) || tool?.type || editor.t("choose_tool")}</span><small>${editor.say(
              kind?.hint,
            )}</small>
          </span>
          ${icon("chevron")}
        </button>
      <div class="fe-tool-body">
          ${kind &&
            html`<${Inner} key=${tool.type} fields=${fields} object=${tool} set=${set} context=${{
              ...context,
              wire: true,
            }} />`}
          ${kind && html`<${ToolTrial} key="trial ${tool.type}" tool=${() => latest.current} editor=${editor} />`}
        </div>
    </div>
  `;
}
