/** The prompt: a template with its values, or text of one's own. */

import { debounced, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { areaField } from "./template_field.js";

const TOKENS = { cjk: 1, other: 4 }; // characters a token, roughly

export function promptField(field, value, change, context) {
  const { editor } = context;
  const box = h("div.fe-prompt");
  const kept = { ...remembered(editor, context.id), ...known(value) };
  let templated = Boolean(value?.template);
  let turned = false; // whether the other way was chosen here: then there is a way back
  const now = () => (templated ? pruned(kept) : { text: kept.text });
  const view = preview(editor, now);
  const save = (part) => {
    Object.assign(kept, part);
    remember(editor, context.id, kept);
    change(now());
    view?.changed();
  };
  const turn = (to) => {
    if (to === templated) return;
    templated = to;
    turned = true;
    kept.template ||= editor.templates[0]?.id ?? "";
    // Whoever writes the prompt begins with what it was, and loses nothing by looking.
    if (!templated && !kept.text) kept.text = writtenOut(editor, kept);
    editor.step();
    save({});
    editor.step();
    redraw();
  };
  const redraw = () =>
    fill(
      box,
      editor.templates.length > 0 &&
        h(
          "div.fe-segments",
          { role: "group" },
          segment(editor.t("prompt_template"), templated, () => turn(true), "prompt-template"),
          segment(editor.t("prompt_own"), !templated, () => turn(false), "prompt-own"),
        ),
      turned &&
        h(
          "p.fe-note",
          { role: "status" },
          editor.t(templated ? "prompt_turned_template" : "prompt_turned_own"),
          " ",
          h("button.fe-link", { "data-testid": "prompt-back", onclick: () => editor.undo() }, editor.t("prompt_back")),
        ),
      templated ? fromTemplate(kept, save, redraw, context) : ownText(field, kept, save, context),
      view?.root,
    );
  redraw();
  return box;
}

const known = (value) =>
  Object.fromEntries(["text", "template", "values"].filter((key) => value?.[key]).map((key) => [key, value[key]]));

/** What each prompt held the other way, for as long as the page is open. */
const remembered = (editor, id) => ({ text: "", template: "", values: {}, ...editor.prompts?.[id] });

function remember(editor, id, kept) {
  editor.prompts = { ...editor.prompts, [id]: { ...kept } };
}

/** A template's text with its blanks filled in, as a beginning for one's own. */
function writtenOut(editor, { template, values }) {
  const chosen = editor.templates.find(({ id }) => id === template);
  const text = (chosen?.variables ?? []).reduce((said, variable) => {
    const { name, default: standard } = typeof variable === "string" ? { name: variable } : variable;
    return said.replaceAll(new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`, "g"), () => values[name] || editor.say(standard));
  }, chosen?.text ?? "");
  return text;
}

const pruned = ({ template, values }) => ({
  template,
  values: Object.fromEntries(Object.entries(values).filter(([, text]) => text !== "")),
});

const segment = (title, on, onclick, testid) =>
  h("button.fe-segment", { class: on ? "on" : "", "aria-pressed": String(on), onclick, "data-testid": testid }, title);

function ownText(field, kept, save, context) {
  const { editor, path } = context;
  const count = h("small.fe-count");
  const tell = (text) => {
    count.textContent = editor.t("prompt_count", { n: [...text].length, tokens: tokens(text) });
  };
  tell(kept.text);
  const area = areaField({}, kept.text, (text) => {
    tell(text);
    save({ text });
  }, {
    ...context,
    rows: 7,
    compact: false,
    placeholder: editor.t("prompt_placeholder"),
    label: editor.say(field.title),
  });
  return [h("div", { "data-field": `${path}.text` }, area, count, h("span.fe-wrong", { role: "alert" }))];
}

function tokens(text) {
  const cjk = text.match(/[\u3000-\u9fff\uff00-\uffef]/g)?.length ?? 0;
  return Math.ceil(cjk / TOKENS.cjk + (text.length - cjk) / TOKENS.other);
}

function fromTemplate(kept, save, redraw, context) {
  const { editor, path } = context;
  const chosen = editor.templates.find(({ id }) => id === kept.template);
  const known = chosen ? editor.templates : [{ id: kept.template, title: kept.template }, ...editor.templates];
  const select = h(
    "select.fe-input",
    {
      "aria-label": editor.t("prompt_template"),
      "data-testid": "template",
      onchange: (event) => {
        save({ template: event.target.value });
        redraw();
      },
    },
    known.map((one) =>
      h("option", { value: one.id, selected: one.id === kept.template }, editor.say(one.title) || one.id)
    ),
  );
  return [
    h(
      "div",
      { "data-field": `${path}.template` },
      h("span.fe-select", {}, select),
      h("span.fe-hint", {}, editor.say(chosen?.description)),
      h("span.fe-wrong", { role: "alert" }),
    ),
    (chosen?.variables ?? []).map((variable) => valueField(variable, kept, save, context)),
  ];
}

function valueField(variable, kept, save, context) {
  const { editor, path } = context;
  const { name, title, default: standard } = typeof variable === "string" ? { name: variable } : variable;
  const label = editor.say(title) || name;
  return h(
    "div.fe-field",
    { role: "group", "aria-label": label, "data-field": `${path}.values.${name}`, "data-testid": `value-${name}` },
    h("span.fe-label", {}, label),
    areaField({}, kept.values[name] ?? "", (text) => save({ values: { ...kept.values, [name]: text } }), {
      ...context,
      label,
      rows: 2,
      compact: true,
      placeholder: editor.say(standard),
    }),
    h("span.fe-wrong", { role: "alert" }),
  );
}

const PAUSE = 400; // ms after a change

/** Only where the page can fill a prompt in: options.onPreviewPrompt(prompt) → {template, filled, reason}, or a promise of it. */
function preview(editor, prompt) {
  if (!editor.onPreviewPrompt) return null;
  const out = h("div.fe-preview-parts", { "aria-live": "polite" });
  const show = async () => {
    if (!root.open) return;
    const told = (await editor.onPreviewPrompt(prompt())) ?? {};
    const { filled, reason, template } = typeof told === "string" ? { filled: told } : told;
    fill(
      out,
      reason && h("p.fe-wrong", {}, editor.say(reason)),
      filled != null && h("pre.fe-preview", { tabIndex: 0 }, filled || editor.t("preview_empty")),
      template && template !== filled &&
        [h("h4.fe-heading", {}, editor.t("preview_template")), h("pre.fe-preview", { tabIndex: 0 }, template)],
    );
  };
  const root = h(
    "details.fe-preview-box",
    { "data-testid": "preview", ontoggle: show },
    h("summary", {}, icon("chevron"), editor.t("preview")),
    h("p.fe-note", {}, editor.t("preview_hint")),
    out,
  );
  return { root, changed: debounced(show, PAUSE) };
}
