// A case as a form: its lines with what has to be true of each answer, and what its tools give.

import { html, useState } from "preact";
import { Dialog } from "../common/dialog.js";
import { Button, Callout, Icon, More } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { Form, JsonInput } from "../common/form.js";
import { openMenu } from "../common/menu.js";
import { told } from "../common/server.js";
import { begun, listed, say, t } from "../common/texts.js";
import { upload } from "../common/upload.js";

export function CaseDialog({ begun, suite, opened, index, close }) {
  const [one, setOne] = useState(begun);
  const [trouble, setTrouble] = useState(null);
  const change = (part) => setOne({ ...one, ...part });
  const save = async () => {
    const answer = await suite.put(tidy(one));
    if (answer.ok) return close(true);
    setTrouble({ text: say(answer.text), field: answer.field.replace(`cases.${index}.`, "") });
  };
  const wrong = (at) => (trouble?.field === at ? trouble.text : "");
  const does = { label: t("common.save"), id: "save-case", onClick: save };
  const scene = { opened, wrong };
  return html`
    <${Dialog} title=${t("tests.case")} close=${close} does=${does} size="wide" id="case-dialog">
      <div class="hy-stack">
        ${trouble && html`<${Callout} tone="bad" title=${trouble.text} />`}
        <${Field} id="case-title" label=${t("tests.case.title")} optional hint=${t("tests.case.title.hint")}>
          <${Input} id="case-title" value=${one.title} onChange=${(title) => change({ title })} />
          </${Field}>
          <${SaidLines} ...${scene} lines=${one.lines} change=${(lines) => change({ lines })} />
          <${Tools} ...${scene} tools=${one.tools ?? []} change=${(tools) => change({ tools })} />
          <${Setting} one=${one} change=${change} variables=${opened.known.variables} wrong=${wrong} />
          </div>
          </${Dialog}>
  `;
}

/** Without what says nothing. */
function tidy({ at, variables, tools, title, ...one }) {
  const given = Object.entries(variables ?? {}).filter(([, value]) => value);
  return {
    ...one,
    ...(title ? { title } : {}),
    ...(at ? { at } : {}),
    ...(given.length ? { variables: Object.fromEntries(given) } : {}),
    ...(tools?.length ? { tools } : {}),
  };
}

function SaidLines({ lines, change, ...scene }) {
  const put = (i, part) => change(lines.with(i, { ...lines[i], ...part }));
  const line = (one, i) =>
    html`
      <fieldset class="hy-test-line" key=${i} data-testid="line-${i}">
        <legend>${t("tests.line", { n: i + 1 })}</legend>
        <${Field} id="says-${i}" label=${t("tests.line.says")} hint=${i ? "" : t("tests.line.hint")}
          wrong=${scene.wrong(`lines.${i}.says`)}>
          <${Input} id="says-${i}" rows=${2} value=${one.says} wrong=${scene.wrong(`lines.${i}.says`)}
            onChange=${(says) => put(i, { says })} />
          </${Field}>
          <${Files} opened=${scene.opened} i=${i} files=${one.files ?? []} change=${(files) => put(i, { files })} />
          ${one.lacks?.length > 0 && html`
            <${Callout} tone="warn" title=${t("tests.line.lacks", { names: listed(one.lacks) })} />
          `}
          <${Checks} ...${scene} at=${`lines.${i}.checks`} checks=${one.checks ?? []}
            change=${(checks) => put(i, { checks })} />
          <div class="hy-row apart">
            <${After} hours=${one.after} change=${(after) => put(i, { after })} i=${i} />
            ${lines.length > 1 &&
              html`
                <${Button} label=${t("tests.line.remove")} icon="trash" look="quiet" id="remove-line-${i}"
                  onClick=${() => change(lines.toSpliced(i, 1))} />
              `}
          </div>
          </fieldset>
    `;
  return html`
    <div class="hy-stack tight">
      ${lines.map(line)}
      <div><${Button} label=${t("tests.line.add")} icon="plus" look="quiet" id="add-line"
        onClick=${() => change([...lines, { says: "", checks: [] }])} /></div>
    </div>
  `;
}

/** What comes with it, kept beside the suite. */
function Files({ opened, files, change, i }) {
  const choose = async ({ target }) => {
    const [file] = target.files;
    if (!file) return;
    const kept = told(await upload("tests", "keep_test_file", file, { id: opened.agent.id, name: file.name }));
    target.value = "";
    if (kept) change([...files, kept.name]);
  };
  return html`
    <div class="hy-row">
      ${files.map((name, place) =>
        html`
          <span class="hy-pill"
            key=${place}>${name}<${Button} icon="close" look="quiet icon" title=${t(
              "tests.file.remove",
              { name },
            )} onClick=${() => change(files.toSpliced(place, 1))} /></span>
        `
      )}
      <label class="hy-btn quiet"><${Icon} name="upload" />${t("tests.file.add")}
        <input type="file" class="hy-offscreen" data-testid="file-${i}" onChange=${choose} /></label>
    </div>
  `;
}

/** How much later than the line before it. */
function After({ hours, change, i }) {
  if (!i) return html`<span></span>`;
  return html`
    <label class="hy-row"><span>${t("tests.line.after")}</span>
      <${Input} id="after-${i}" kind="number" min="0" step="any" value=${hours ?? 0} class="hy-input hy-test-hours"
        onChange=${(value) => change(Number(value) || 0)} /></label>
  `;
}

function Checks({ checks, change, at, opened, wrong }) {
  const kinds = Object.entries(opened.forms.checks);
  const add = (event) =>
    openMenu(
      event.currentTarget,
      t("tests.check.add"),
      kinds.map(([type, { about, schema }]) => ({
        title: begun(about),
        testid: `check-${type}`,
        run: () => change([...checks, { type, ...beginnings(schema) }]),
      })),
    );
  const check = (one, i) => {
    const { type, ...values } = one;
    const form = opened.forms.checks[type];
    const wrongs = Object.fromEntries(
      Object.keys(form.schema.properties).map((name) => [name, wrong(`${at}.${i}.${name}`)]),
    );
    return html`
      <div class="hy-list-row hy-test-check" key="${i} ${type}" data-testid="check">
        <div class="grow"><b>${begun(form.about)}</b>
          <${Form} schema=${form.schema} values=${values} wrong=${wrongs} columns
            onChange=${(next) => change(checks.with(i, { type, ...next }))} />
        </div>
        <${Button} icon="close" look="quiet icon" title=${t("common.remove")} onClick=${() =>
          change(checks.toSpliced(i, 1))} />
      </div>
    `;
  };
  return html`
    <div class="hy-stack tight">
      ${checks.map(check)}
      <div><${Button} label=${t("tests.check.add")} icon="plus" look="quiet" id="add-check" onClick=${add} /></div>
    </div>
  `;
}

/** What a choice shows at first is what it is. */
function beginnings({ properties, required = [] }) {
  const first = ([name, { enum: some }]) => (some && required.includes(name) ? [[name, some[0]]] : []);
  return Object.fromEntries(Object.entries(properties).flatMap(first));
}

/** What tools give, so that the case is the same each time and nothing acts. */
function Tools({ tools, change, wrong }) {
  const put = (i, part) => change(tools.with(i, { ...tools[i], ...part }));
  const tool = (one, i) =>
    html`
      <div class="hy-list-row hy-test-check" key=${i} data-testid="given">
        <div class="hy-form two grow">
          <${Field} id="tool-${i}" label=${t("tests.given.tool")} wrong=${wrong(`tools.${i}.tool`)}>
            <${Input} id="tool-${i}" value=${one.tool} list="tools-known" onChange=${(name) =>
              put(i, { tool: name })} />
            </${Field}>
            <${Field} id="arguments-${i}" label=${t("tests.given.arguments")} optional
              wrong=${wrong(`tools.${i}.arguments`)}>
              <${JsonInput} id="arguments-${i}" value=${one.arguments ?? {}} empty=${{}}
                onChange=${(value) => put(i, { arguments: value })} />
              </${Field}>
              <${Field} id="gives-${i}" label=${t("tests.given.gives")}>
                <${JsonInput} id="gives-${i}" value=${one.gives ?? ""} empty="" onChange=${(gives) =>
                  put(i, { gives })} />
                </${Field}>
                <label
                  class="hy-switch"><input type="checkbox" role="switch" checked=${one.fails} onChange=${(
                    event,
                  ) => put(i, { fails: event.target.checked })} /><span>${t("tests.given.fails")}</span></label>
                </div>
                <${Button} icon="close" look="quiet icon" title=${t("common.remove")} onClick=${() =>
                  change(tools.toSpliced(i, 1))} />
                </div>
    `;
  return html`
    <div class="hy-stack tight">
      <div><b>${t("tests.given")}</b><p class="soft">${t("tests.given.hint")}</p></div>
      ${tools.map(tool)}
      <div><${Button} label=${t("tests.given.add")} icon="plus" look="quiet" id="add-given"
        onClick=${() => change([...tools, { tool: "" }])} /></div>
    </div>
  `;
}

/** When it begins, and other values of the agent's variables. */
function Setting({ one, change, variables, wrong }) {
  const set = (name, value) => change({ variables: { ...one.variables, [name]: value } });
  return html`
    <${More} title=${t("tests.setting")} open=${Boolean(one.at || one.variables)}>
      <div class="hy-form">
        <${Field} id="case-at" label=${t("tests.at")} optional hint=${t("tests.at.hint")} wrong=${wrong("at")}>
          <${Input} id="case-at" kind="datetime-local" value=${(one.at ?? "").slice(0, 16)} onChange=${(at) =>
            change({ at })} />
          </${Field}>
          ${variables.map(({ name, title, default: usual }) =>
            html`
              <${Field} key=${name} id="case-var-${name}" label=${title || name} optional>
                <${Input} id="case-var-${name}" value=${one.variables?.[name]} placeholder=${usual} onChange=${(
                  value,
                ) => set(name, value)} />
                </${Field}>
            `
          )}
          </div>
          </${More}>
  `;
}
