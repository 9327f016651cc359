/** Agents, publications, what this one shares out, and knowledge bases: chosen among those that are there. */

import { html, useState } from "preact";
import { Select } from "../static/common/field.js";
import { Sortable } from "./sortable.js";

/** Another agent of the library. */
export const OtherAgent = ({ context, ...rest }) =>
  html`
    <${Among} there=${context.editor.agents} blank="choose_agent" context=${context} ...${rest} />
  `;

/** One of the places that are declared in the settings. */
export const Shared = ({ context, ...rest }) =>
  html`
    <${Among} there=${context.editor.shared} blank="choose_shared" context=${context} ...${rest} />
  `;

/** Where an agent answers people; "" says nowhere in particular. */
export const Published = ({ context, change, ...rest }) =>
  html`
    <${Among} there=${[{ value: "", title: context.editor.t("no_publication") }, ...context.editor.publications]}
      context=${context} change=${(next) => change(next || undefined)} ...${rest} />
  `;

function Among({ there: items, blank = "", value, change, context }) {
  const { editor, labelledby } = context;
  const [chosen, setChosen] = useState(value ?? "");
  const there = items.map((one) => [one.value, one.title]);
  const known = there.some(([id]) => id === chosen);
  const options = known ? there : [[chosen, chosen ? `${chosen} ?` : editor.t(blank)], ...there];
  return html`
    <span class="fe-select">
      <${Select} class="fe-input" value=${chosen} options=${options} aria-labelledby=${labelledby}
        onChange=${(next) => (setChosen(next), change(next))} />
    </span>
  `;
}

export function Bases({ field, value, change, context }) {
  const { editor } = context;
  const there = editor.bases.map((base) => [base.value, base.title]);
  const options = (chosen) =>
    there.some(([id]) => id === chosen)
      ? there
      : [...there, [chosen, chosen ? `${chosen} ?` : editor.t("choose_base")]];
  const draw = (base, set, i) =>
    html`
      <span class="fe-select">
        <${Select} class="fe-input" value=${base} options=${options(base)} onChange=${set}
          aria-label="${editor.say(field.title)} ${i + 1}" />
      </span>
    `;
  if (!there.length && !value?.length) return html`<span class="fe-hint">${editor.t("no_bases")}</span>`;
  return html`
    <${Sortable} editor=${editor} items=${value ?? []} change=${change} draw=${draw} add=${editor.t("add_base")}
      blank=${() => there[0]?.[0] ?? ""} most=${field.maxItems} />
  `;
}
