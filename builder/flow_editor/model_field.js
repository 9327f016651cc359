/** A model: free text with suggestions; and an ordered list of them. */

import { fill, h, unique } from "./dom.js";
import { icon } from "./icons.js";
import { sortable } from "./sortable.js";

export function modelField(_field, value, change, { editor }) {
  return combobox(
    editor,
    value ?? "",
    [{ value: "default", title: editor.t("model_default") }, ...suggestions(editor)],
    change,
  );
}

const suggestions = (editor) => editor.models.map((model) => (typeof model === "string" ? { value: model } : model));

/** An input whose list narrows while typing; ↑↓ choose, Enter takes, Esc closes. */
function combobox(editor, value, options, change) {
  const list = h("div.fe-options", { role: "listbox", popover: "manual", id: unique() });
  const input = h("input.fe-input", {
    value,
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: editor.t("model_placeholder"),
    oninput: () => {
      change(input.value.trim());
      suggest(input.value);
    },
    onclick: () => suggest(""),
    onblur: () => list.hidePopover(),
    onkeydown: (event) => press(event),
  });
  const take = (next) => {
    input.value = next;
    change(next);
    list.hidePopover();
  };
  const suggest = (word) => {
    const found = options.filter(({ value: name, title = "" }) =>
      `${name} ${title}`.toLowerCase().includes(word.trim().toLowerCase())
    );
    fill(
      list,
      found.map((option) =>
        h(
          "div.fe-option",
          {
            role: "option",
            id: unique(),
            "data-value": option.value,
            "aria-selected": String(option.value === input.value),
            onpointerdown: (event) => {
              event.preventDefault();
              take(option.value);
            },
          },
          h("span", {}, option.title || option.value),
          option.title && h("small", {}, option.value),
        )
      ),
    );
    if (!found.length) return list.hidePopover();
    place(list, input);
  };
  const press = (event) => {
    const open = list.matches(":popover-open");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !open) suggest("");
    else if (step) mark(list, input, step);
    else if (open && event.key === "Escape") list.hidePopover();
    else if (open && event.key === "Enter" && list.querySelector(".active")) {
      take(list.querySelector(".active").dataset.value);
    } else return;
    event.preventDefault();
  };
  list.addEventListener("toggle", () => input.setAttribute("aria-expanded", String(list.matches(":popover-open"))));
  return h("div.fe-combobox", {}, input, icon("chevron"), list);
}

function place(list, input) {
  if (!list.matches(":popover-open")) list.showPopover();
  const box = input.getBoundingClientRect();
  const up = box.bottom + list.offsetHeight + 8 > innerHeight;
  Object.assign(list.style, {
    left: `${box.left}px`,
    width: `${box.width}px`,
    top: `${up ? box.top - list.offsetHeight - 4 : box.bottom + 4}px`,
  });
}

function mark(list, input, step) {
  const options = [...list.children];
  const now = options.findIndex((option) => option.classList.contains("active"));
  const next = options[(now + step + options.length) % options.length];
  options[now]?.classList.remove("active");
  next.classList.add("active");
  next.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", next.id);
}

export function modelsField(field, value, change, { editor }) {
  return sortable(editor, value ?? [], change, {
    limit: field.maxItems,
    add: editor.t("add_model"),
    blank: () => "",
    draw: (model, set) => combobox(editor, model, suggestions(editor), set),
  });
}
