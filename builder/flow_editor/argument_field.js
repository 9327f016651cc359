/** The arguments of the tool beside this field: a line for each that it takes, or pairs where nobody knows them. */

import { html, useEffect, useRef, useState } from "preact";
import { useId } from "../static/common/form.js";
import { Pairs } from "./row_fields.js";
import { Template, visible } from "./template_field.js";

const PAUSE = 300; // ms after the last change of the tool

/** Whether a block's field holds what its tool is called with. */
export const besideTool = ({ editor, block, path }, field) =>
  field.widget === "pairs" && path === field.name && Boolean(toolField(editor, block?.()));

const toolField = (editor, block) => editor.types[block?.type]?.fields.find(({ widget }) => widget === "tool");

export function Arguments(props) {
  const { value, change, context } = props;
  const now = useRef(value ?? {});
  const known = useParameters(context);
  const [kept] = useState(Object.keys(now.current)); // also what this tool does not take: it can be emptied
  if (!Object.keys(known).length) return html`<${Pairs} ...${props} />`;
  const names = [...new Set([...Object.keys(known), ...kept])];
  const { editor, block } = context;
  const called = editor.tools[block()[toolField(editor, block()).name]?.type]?.called ?? {};
  const write = (name, text) => {
    const { [name]: _, ...rest } = now.current;
    change(now.current = text ? { ...rest, [name]: text } : rest);
  };
  return html`<div class="fe-nested">${
    names.map((name) =>
      html`
        <${Argument} key=${name} name=${name} about=${known[name] ?? {}} value=${now.current[name]} context=${context}
          called=${called[name]} write=${(text) => write(name, text)} />
      `
    )
  }</div>`;
}

/** `called`: what people call it; else its description says what it is for, as whoever made the tool wrote it. */
function Argument({ name, about, called, value, context, write }) {
  const path = `${context.path}.${name}`;
  const id = useId("fe-argument");
  const inner = { ...context, path, label: name, compact: true, list: about.enum && id };
  return html`
    <div class="fe-field" role="group" aria-label=${name} data-field=${path} data-testid="field-${path}">
      <span class="fe-label">${called ? context.editor.say(called) : null} <code>${name}</code></span>
      <${Template} value=${value} change=${write} context=${inner} />
      <span class="fe-wrong" role="alert"></span>
      <span class="fe-hint">${called ? "" : about.description ?? ""}</span>
    </div>
  `;
}

/** {name: what it is for}: as its type says, and where that depends on how it is set up, as the page says. */
function useParameters(context) {
  const { editor, block } = context;
  const tool = block()[toolField(editor, block()).name] ?? {};
  const [told, setTold] = useState({});
  const asked = JSON.stringify(tool);
  useEffect(() => {
    if (!editor.toolForm || !tool.type) return;
    const timer = setTimeout(async () => {
      const answer = await editor.toolForm(tool);
      setTold(answer?.ok ? { [tool.type]: answer.value.parameters.properties ?? {} } : {});
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [asked]);
  const ours = new Set(visible(context).map(({ name }) => name.split(".")[0])); // has a value without an argument
  const usual = Object.entries(editor.tools[tool.type]?.parameters ?? {}).map((
    [name, description],
  ) => [name, { description }]);
  const from = told[tool.type] ? Object.entries(told[tool.type]) : usual;
  return Object.fromEntries(from.filter(([name]) => !ours.has(name)));
}
