// The values of a template: its blanks with their names in each language, what it asks for besides, and samples of all.

import { html } from "preact";
import { Button, Card, Pill } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { useId } from "../common/form.js";
import { listed, t } from "../common/texts.js";

const variablesOf = (one) => one.variables ?? [];

/** Every blank once, in the order of the first language. */
const blanksOf = (languages) => [
  ...new Set(Object.values(languages).flatMap((one) => variablesOf(one).map(({ name }) => name))),
];

export function Blanks({ languages, given, looked, samples, setSamples, change }) {
  const names = blanksOf(languages);
  const others = besides(looked, names);
  const set = (name, value) => setSamples({ ...samples, [name]: value });
  const put = (next) =>
    change(
      Object.fromEntries(Object.entries(languages).map(([code, one]) => [code, { ...one, variables: next(one) }])),
    );
  const add = (name) => put((one) => [...variablesOf(one), { name, title: name }]);
  const remove = (name) => put((one) => variablesOf(one).filter((other) => other.name !== name));
  const edit = (code, name, part) => {
    const variables = variablesOf(languages[code]).map((one) => (one.name === name ? { ...one, ...part } : one));
    change({ ...languages, [code]: { ...languages[code], variables } });
  };
  const isUnused = (name) => Object.values(looked ?? {}).every((one) => one.unused.includes(name));
  return html`
    <${Card} title=${t("prompts.values")} hint=${t("prompts.values.hint")} data-testid="prompt-values">
      <div class="hy-stack">
          ${names.map((name) =>
            html`
              <${Blank} key=${name} name=${name} languages=${languages} given=${given} unused=${looked &&
                isUnused(name)}
                sample=${samples[name]} set=${set} edit=${edit} remove=${remove} />
            `
          )}
          ${others.map((one) =>
            html`<${Other} key=${one.path} one=${one} given=${given} samples=${samples} set=${set} add=${add} />`
          )}
          ${!names.length && !others.length && html`<p class="soft">${t("prompts.values.none")}</p>`}
        </div>
      </${Card}>
  `;
}

/** What it asks for that is no blank: by path, so that `docs.text` has a sample of its own. */
function besides(looked, names) {
  const found = new Map();
  for (const { names: asked } of Object.values(looked ?? {})) {
    for (const { name, kind, fields, always } of asked) {
      if (names.includes(name)) continue;
      const paths = fields.length ? fields.map((field) => `${name}.${field}`) : [name];
      for (const path of paths) {
        found.set(path, { path, kind: fields.length ? "text" : kind, always, whole: path === name });
      }
    }
  }
  return [...found.values()];
}

function Blank({ name, languages, given, unused, sample, set, edit, remove }) {
  const id = useId("blank");
  const codes = Object.keys(languages).filter((code) => variablesOf(languages[code]).some((one) => one.name === name));
  const text = (code, field) => {
    const one = variablesOf(languages[code]).find((other) => other.name === name);
    const rows = one.area && field === "default" ? 2 : 0;
    const label = t(`prompts.blank.${field}`, { language: t(`prompts.in.${code}`) });
    return html`
      <${Field} key="${code} ${field}" id="${id}-${code}-${field}" label=${label}>
        <${Input} id="${id}-${code}-${field}" data-testid="${code}-${name}-${field}"
          value=${one[field]} rows=${rows}
          readonly=${given} onChange=${(value) => edit(code, name, { [field]: value })} />
        </${Field}>
    `;
  };
  const area = codes.some((code) => variablesOf(languages[code]).find((one) => one.name === name).area);
  return html`<fieldset class="hy-prompt-blank" data-testid="blank-${name}">
    <legend><code>{{ ${name} }}</code> ${unused && html`<${Pill} tone="warn">${t("prompts.unused")}</${Pill}>`}</legend>
    ${codes.map((code) => [text(code, "title"), text(code, "default")])}
    <${Sample} path=${name} value=${sample} set=${set} area=${area} />
    ${
    !given && html`
      <div class="hy-row">
        <label class="hy-switch"><input type="checkbox" role="switch" checked=${area}
              onChange=${({ target }) => codes.forEach((code) => edit(code, name, { area: target.checked }))} />
              <span>${t("prompts.area")}</span></label>
        <${Button} icon="trash" look="quiet icon" title=${t("prompts.blank.remove", { name })} id="remove-${name}"
          onClick=${() => remove(name)} />
      </div>
    `
  }
  </fieldset>`;
}

function Other({ one, given, samples, set, add }) {
  const { path, kind, always, whole } = one;
  const hint = listed([t(`prompts.kind.${kind}`), t(always ? "prompts.always" : "prompts.of_agent")]);
  return html`<fieldset class="hy-prompt-blank" data-testid="value-${path}">
    <legend><code>{{ ${path} }}</code> <span class="faint">${hint}</span></legend>
    <${Sample} path=${path} value=${samples[path]} set=${set} />
    ${
    whole && !always && !given &&
    html`<${Button} label=${t("prompts.make_blank")} icon="plus" look="quiet" id="make-${path}" onClick=${() =>
      add(path)} />`
  }
  </fieldset>`;
}

function Sample({ path, value, set, area = false }) {
  const id = useId("sample");
  return html`
    <${Field} id=${id} label=${t("prompts.sample")}>
      <${Input} id=${id} data-testid="sample-${path}" value=${value ?? ""} rows=${area ? 2 : 0}
        onChange=${(text) => set(path, text)} />
      </${Field}>
  `;
}
