// An agent's checks: what comes in, goes to the model, is found, and goes out; and what is said then.

import { html } from "preact";
import { Button } from "../common/elements.js";
import { Form } from "../common/form.js";
import { openMenu } from "../common/menu.js";
import { say, t } from "../common/texts.js";
import { undoable } from "../common/undo.js";

const PLACES = ["in", "model", "tool", "out"];
const USUAL = [
  { type: "words", lists: ["basic"], places: ["in", "out"] },
  { type: "injection" },
];
/** What a new check begins with. */
const NEW = {
  words: { lists: ["basic"] },
  topics: { subjects: [{ title: "" }] },
};

/** `partOf`: the schema of a part of one; `wrong`: by part, what is wrong. */
export function Safety({ work, wrong, partOf, Section }) {
  const safety = work.autosave.data.safety || {};
  const schema = partOf(work.opened.schema, "safety");
  const change = (values) => work.change({ safety: values });
  const below = (name) =>
    html`
      <h3>${t(`settings.${name}`)}</h3>
      <p class="soft">${t(`settings.${name}.hint`)}</p>
      <${Form} schema=${partOf(schema, name)} values=${safety[name] || {}} wrong=${wrong[name]} columns
        onChange=${(values) => change({ ...safety, [name]: values })} />
    `;
  return html`
    <${Section} name="safety">
      <div class="hy-stack">
        <${Checks} work=${work} wrong=${wrong.checks} />
        <${Form} schema=${schema} only=${["says", "seconds"]} values=${safety} wrong=${wrong.safety} columns
          onChange=${change} />
        <${Masked} schema=${partOf(schema, "masking")} values=${safety.masking || {}} wrong=${wrong.masking}
          onChange=${(values) => change({ ...safety, masking: values })} />
        ${["strikes", "label"].map(below)}
      </div>
      </${Section}>
  `;
}

/** What models are not sent, and which tools get it all the same. */
function Masked({ schema, values, wrong, onChange }) {
  const { choices, labels, hints, items } = schema.properties.kinds;
  const kinds = values.kinds ?? [];
  const toggle = (kind, on) => items.enum.filter((one) => one === kind ? on : kinds.includes(one));
  return html`
    <h3>${t("settings.masking")}</h3>
    <p class="soft">${t("settings.masking.hint")}</p>
    <fieldset class="hy-row hy-places" data-testid="masking"><legend class="hint">${say(labels)}</legend>
      ${items.enum.map((kind) =>
        html`<label class="hy-switch" key=${kind}><input type="checkbox" checked=${kinds.includes(kind)}
          data-testid="masking-${kind}" onChange=${(event) =>
          onChange({ ...values, kinds: toggle(kind, event.target.checked) })} /><span>${
          say(choices[kind])
        }</span></label>`
      )}</fieldset>
    <p class="soft">${say(hints)}</p>
    <div class="wrong" role="alert" hidden=${!wrong.kinds}>${wrong.kinds}</div>
    ${kinds.length > 0 && html`
      <${Form} schema=${schema} only=${["tools"]} values=${values} wrong=${wrong} columns
        onChange=${onChange} />
    `}
  `;
}

function Checks({ work, wrong }) {
  const { data } = work.autosave;
  const safety = data.safety || {};
  const rows = safety.checks || [];
  const kinds = work.opened.checks;
  const change = (checks) => work.change({ safety: { ...safety, checks } });
  const add = (event) =>
    openMenu(
      event.currentTarget,
      t("checks.add"),
      Object.entries(kinds).map(([type, { title, hint }]) => ({
        title: say(title),
        hint: say(hint),
        testid: `check-${type}`,
        run: () => change([...rows, { type, ...NEW[type] }]),
      })),
    );
  const one = (row, i) =>
    html`
      <${Check} key=${i} row=${row} i=${i} kind=${kinds[row.type]} wrong=${wrong[i] || {}}
        set=${(next) => change(rows.with(i, next))} remove=${() => {
          change(rows.toSpliced(i, 1));
          undoable(t("checks.removed"), () => change(rows));
        }} />
    `;
  return html`<div class="hy-stack">
    ${rows.map(one)}
    <div class="hy-row">
      ${
    !rows.length && html`
      <${Button} label=${t("checks.usual")} look="primary" id="usual-checks"
        onClick=${() =>
          work.change({ safety: { ...safety, checks: USUAL, label: { ...safety.label, when: "auto" } } })} />
    `
  }
      <${Button} label=${t("checks.add")} icon="plus" look="quiet" id="add-check" onClick=${add} />
    </div>
  </div>`;
}

function Check({ row, i, kind, wrong, set, remove }) {
  if (!kind) return null;
  const places = row.places ?? kind.schema.properties.places.default;
  const toggle = (place, on) =>
    set({ ...row, places: PLACES.filter((one) => one === place ? on : places.includes(one)) });
  const titles = kind.schema.properties.places.choices;
  return html`
    <div class="hy-keyword" role="group" aria-label=${say(kind.title)} data-testid="check-${i}">
      <p><b>${say(kind.title)}</b> <span class="soft">${say(kind.hint)}</span></p>
      <fieldset class="hy-row hy-places"><legend class="hint">${say(kind.schema.properties.places.labels)}</legend>
          ${PLACES.filter((place) => titles[place]).map((place) =>
            html`<label class="hy-switch" key=${place}><input type="checkbox" checked=${places.includes(place)}
        data-testid="check-${i}-${place}" onChange=${(event) => toggle(place, event.target.checked)} />
        <span>${say(titles[place])}</span></label>`
          )}</fieldset>
      <div class="wrong" role="alert" hidden=${!wrong.places}>${wrong.places}</div>
      <${Form} schema=${kind.schema} only=${kind.asked} values=${row} wrong=${wrong} columns onChange=${set} />
      <div>
        <${Button} label=${t("common.remove")} look="danger" id="remove-check" onClick=${remove} />
      </div>
    </div>
  `;
}
