/** A model: free text with suggestions; and an ordered list of them. */

import { html, useRef, useState } from "preact";
import { useId } from "../static/common/form.js";
import { icon } from "./dom.js";
import { Sortable } from "./sortable.js";

const suggestions = (editor) => editor.models.map((model) => (typeof model === "string" ? { value: model } : model));

export function Model({ value, change, context }) {
  const { editor, labelledby } = context;
  const options = [{ value: "default", title: editor.t("model_default") }, ...suggestions(editor)];
  return html`<${Combobox} editor=${editor} value=${
    value ?? ""
  } options=${options} change=${change} labelledby=${labelledby} />`;
}

export function Models({ field, value, change, context }) {
  const { editor } = context;
  const draw = (model, set, i) =>
    html`
      <${Combobox} editor=${editor} value=${model} options=${suggestions(editor)} change=${set}
        label="${editor.say(field.title)} ${i + 1}" />
    `;
  return html`
    <${Sortable} editor=${editor} items=${value ?? []} change=${change} draw=${draw} add=${editor.t("add_model")}
      blank=${() => ""} most=${field.maxItems} />
  `;
}

/** An input whose list narrows while typing; ↑↓ choose, Enter takes, Esc closes. */
function Combobox({ editor, value, options, change, label = undefined, labelledby = undefined }) {
  const [text, setText] = useState(value);
  const [open, setOpen] = useState(null); // while the list is shown: {word, active}
  const id = useId("fe-list");
  const list = useRef(null);
  const input = useRef(null);
  const found = open ? matching(options, open.word) : [];
  const suggest = (word) => {
    place(list.current, input.current);
    setOpen({ word, active: -1 });
  };
  const hide = () => {
    if (list.current?.matches(":popover-open")) list.current.hidePopover();
    setOpen(null);
  };
  const write = (next) => (setText(next), change(next.trim()));
  const take = (next) => (write(next), hide());
  const press = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !open) suggest("");
    else if (step) setOpen({ ...open, active: (open.active + step + found.length) % (found.length || 1) });
    else if (open && event.key === "Escape") hide();
    else if (event.key === "Enter" && found[open?.active]) take(found[open.active].value);
    else return;
    event.preventDefault();
  };
  const active = found[open?.active] ? `${id}-${open.active}` : null;
  return html`<div class="fe-combobox">
    <input class="fe-input" type="text" value=${text} role="combobox" aria-expanded=${
    String(Boolean(open))
  } aria-controls=${id}
      aria-autocomplete="list" aria-activedescendant=${active} aria-label=${label} aria-labelledby=${labelledby}
      autocomplete="off" spellcheck=${false} placeholder=${editor.t("model_placeholder")} ref=${input}
      onInput=${(event) => (write(event.target.value), suggest(event.target.value))} onClick=${() => suggest("")}
      onBlur=${hide} onKeyDown=${press} />
    ${icon("chevron")}
    <div class="fe-options" role="listbox" popover="manual" id=${id} ref=${list} hidden=${open && !found.length}>
      ${
    found.map((one, i) =>
      html`
        <${Option} key=${one.value} id="${id}-${i}" option=${one} active=${i === open.active}
          chosen=${one.value === text} take=${take} />
      `
    )
  }
    </div>
  </div>`;
}

function matching(options, word) {
  const wanted = word.trim().toLowerCase();
  return options.filter(({ value, title = "" }) => `${value} ${title}`.toLowerCase().includes(wanted));
}

function Option({ id, option, active, chosen, take }) {
  const { value, title } = option;
  const press = (event) => (event.preventDefault(), take(value));
  return html`
    <div class="fe-option ${active ? "active" : ""}" role="option" id=${id} data-value=${value}
      aria-selected=${String(chosen)} ref=${(node) =>
        active && node?.scrollIntoView({ block: "nearest" })} onPointerDown=${press}>
        <span>${title || value}</span>${title && html`<small>${value}</small>`}
      </div>
  `;
}

function place(list, input) {
  if (!list.matches(":popover-open")) list.showPopover();
  requestAnimationFrame(() => {
    const box = input.getBoundingClientRect();
    const up = box.bottom + list.offsetHeight + 8 > innerHeight;
    Object.assign(list.style, {
      left: `${box.left}px`,
      width: `${box.width}px`,
      top: `${up ? box.top - list.offsetHeight - 4 : box.bottom + 4}px`,
    });
  });
}
