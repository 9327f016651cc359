/** The prompt: a template with its values, or text of one's own. */

import { fill, h } from "./dom.js";
import { areaField } from "./template_field.js";

const TOKENS = { cjk: 1, other: 4 }; // characters a token, roughly

export function promptField(field, value, change, context) {
  const { editor } = context;
  const box = h("div.fe-prompt");
  // What the other side held, so that looking there loses nothing.
  const kept = { text: value?.text ?? "", template: value?.template ?? "", values: value?.values ?? {} };
  let templated = Boolean(value?.template);
  const save = (part) => {
    Object.assign(kept, part);
    change(templated ? pruned(kept) : { text: kept.text });
  };
  const turn = (to) => {
    templated = to && editor.templates.length > 0;
    kept.template ||= editor.templates[0]?.id ?? "";
    save({});
    redraw();
  };
  const redraw = () => fill(box,
    editor.templates.length > 0 && h("div.fe-segments", { role: "group" },
      segment(editor.t("prompt_template"), templated, () => turn(true), "prompt-template"),
      segment(editor.t("prompt_own"), !templated, () => turn(false), "prompt-own")),
    templated ? fromTemplate(kept, save, redraw, context) : ownText(field, kept, save, context),
    preview(editor, () => (templated ? pruned(kept) : { text: kept.text })));
  redraw();
  return box;
}

const pruned = ({ template, values }) => ({
  template, values: Object.fromEntries(Object.entries(values).filter(([, text]) => text !== "")),
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
  }, { ...context, rows: 7, compact: false, placeholder: editor.t("prompt_placeholder"), label: editor.say(field.title) });
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
  const select = h("select.fe-input", {
    "aria-label": editor.t("prompt_template"), "data-testid": "template",
    onchange: (event) => {
      save({ template: event.target.value });
      redraw();
    },
  }, known.map((one) => h("option", { value: one.id, selected: one.id === kept.template }, editor.say(one.title) || one.id)));
  return [
    h("div", { "data-field": `${path}.template` }, h("span.fe-select", {}, select),
      h("span.fe-hint", {}, editor.say(chosen?.description)), h("span.fe-wrong", { role: "alert" })),
    (chosen?.variables ?? []).map((variable) => valueField(variable, kept, save, context)),
  ];
}

function valueField(variable, kept, save, context) {
  const { editor, path } = context;
  const { name, title, default: standard } = typeof variable === "string" ? { name: variable } : variable;
  const label = editor.say(title) || name;
  return h("div.fe-field", { role: "group", "aria-label": label, "data-field": `${path}.values.${name}`, "data-testid": `value-${name}` },
    h("span.fe-label", {}, label),
    areaField({}, kept.values[name] ?? "", (text) => save({ values: { ...kept.values, [name]: text } }),
      { ...context, label, rows: 2, compact: true, placeholder: editor.say(standard) }),
    h("span.fe-wrong", { role: "alert" }));
}

/** Only where the page can fill a prompt in: options.onPreviewPrompt(prompt) → text or a promise of it. */
function preview(editor, prompt) {
  if (!editor.onPreviewPrompt) return null;
  const out = h("pre.fe-preview", { "aria-live": "polite", hidden: true });
  const show = async () => {
    out.textContent = String((await editor.onPreviewPrompt(prompt())) ?? "");
    out.hidden = out.textContent === "";
  };
  return h("div", {}, h("button.fe-link", { onclick: show }, editor.t("preview")), out);
}
