/** The blocks to choose from: drag one into the flow, or click it to add it after the selected block. */

import { tile } from "./card.js";
import { fill, h } from "./dom.js";
import { matching } from "./menu.js";

const MANY = 10;

export function palette(editor, panel) {
  const entries = Object.entries(editor.types).map(([type, kind]) => ({
    type,
    kind,
    title: editor.say(kind.title),
    hint: editor.say(kind.hint),
  }));
  const list = h("div.fe-palette-list");
  const show = (word) => fill(list, matching(entries, word).map((entry) => item(editor, entry)));
  const search = entries.length > MANY && h("input.fe-input", {
    type: "search",
    placeholder: editor.t("search"),
    "aria-label": editor.t("search"),
    oninput: () => show(search.value),
  });
  show("");
  fill(panel, h("h2.fe-heading", {}, editor.t("blocks")), search, list, h("p.fe-note", {}, editor.t("palette_hint")));
}

function item(editor, { type, kind, title, hint }) {
  return h(
    "button.fe-source",
    {
      color: kind.color,
      "data-type": type,
      "data-testid": `palette-${type}`,
      "aria-label": `${editor.t("add_block", { name: title })}${hint ? `：${hint}` : ""}`,
      onclick: () => editor.add(type),
      onpointerdown: (event) =>
        editor.drag(event, {
          node: event.currentTarget,
          label: title,
          drop: ({ list, index }) => editor.add(type, list, index),
        }),
    },
    tile(kind),
    h("span.fe-menu-text", {}, h("span", {}, title), h("small", {}, hint)),
  );
}
