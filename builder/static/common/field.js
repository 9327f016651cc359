// One field: its label, what it is for, what is wrong with it, and the control.

import { html } from "preact";
import { Icon } from "./elements.js";
import { t } from "./texts.js";

/** The place under a control where it is said what is wrong with it. */
export const Wrong = ({ text }) =>
  html`<div class="wrong" role="alert" hidden=${!text}>${
    text && html`<${Icon} name="warning" size=${14} />`
  }${text}</div>`;

/** `id` is the control's. */
export function Field({ id, label, optional = false, hint = "", wrong = "", name = undefined, children }) {
  return html`<div class="hy-field" data-field=${name}>
    ${
    label &&
    html`<label for=${id}>${label}${optional && html`<span class="optional">${t("common.optional")}</span>`}</label>`
  }
    ${children}
    ${hint && html`<div class="hint" id="${id}-hint">${hint}</div>`}
    <${Wrong} text=${wrong} />
  </div>`;
}

/** A line of text; `onChange(value)`, `onEnter()`. `rows`: an area of so many lines instead. */
export function Input(
  { id, value, onChange, onEnter = undefined, rows = 0, kind = "text", code = false, wrong = "", ...rest },
) {
  const press = (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault(); // where it closes a dialog, the button behind it would be pressed by the same key
    onEnter?.();
  };
  const common = {
    id,
    class: `hy-input${code ? " code" : ""}`,
    "data-testid": id,
    "aria-invalid": wrong ? "true" : null,
    value: value ?? "",
    onInput: (event) => onChange(event.target.value),
    ...rest,
  };
  if (rows) return html`<textarea rows=${rows} ...${common} />`;
  const auto = kind === "password" ? "new-password" : "off";
  return html`<input type=${kind} autocomplete=${auto} spellcheck=${false} onKeyDown=${
    onEnter && press
  } ...${common} />`;
}

/** `options`: [[value, label]]. */
export function Select({ id, value, options, onChange, ...rest }) {
  return html`
    <select class="hy-input" id=${id} data-testid=${id} value=${value}
      onChange=${(event) => onChange(event.target.value)} ...${rest}>
        ${options.map(([one, label]) =>
          html`<option key=${one} value=${one} selected=${one === value}>${label}</option>`
        )}
      </select>
  `;
}
