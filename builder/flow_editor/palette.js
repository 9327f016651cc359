/** The blocks to choose from: drag one into the flow, or click it to add it after the selected block. */

import { html, useState } from "preact";
import { matching } from "../static/common/menu.js";
import { tile } from "./card.js";
import { fill } from "./dom.js";

const MANY = 10; // entries from which a search field helps

export const palette = (editor, panel) => fill(panel, html`<${Palette} key=${editor.language} editor=${editor} />`);

function Palette({ editor }) {
  const [word, setWord] = useState("");
  const entries = Object.entries(editor.types).map(([type, kind]) => ({
    type,
    kind,
    title: editor.say(kind.title),
    hint: editor.say(kind.hint),
    group: editor.say(kind.group),
  }));
  const found = matching(entries, word);
  const groups = [...new Set(found.map(({ group }) => group))];
  const search = html`
    <input class="fe-input" type="search" placeholder=${editor.t("search")}
      aria-label=${editor.t("search")} value=${word} onInput=${(event) => setWord(event.target.value)} />
  `;
  return [
    html`<h2 key="title" class="fe-heading">${editor.t("blocks")}</h2>`,
    entries.length > MANY && search,
    groups.map((group) =>
      html`<section key=${group} class="fe-palette-list"><h3 class="fe-heading">${group}</h3>${
        found.filter((entry) => entry.group === group).map((entry) =>
          html`<${Source} key=${entry.type} editor=${editor} entry=${entry} />`
        )
      }</section>`
    ),
    html`<p key="note" class="fe-note">${editor.t("palette_hint")}</p>`,
  ];
}

function Source({ editor, entry }) {
  const { type, kind, title, hint } = entry;
  const drop = ({ list, index }) => editor.add(type, list, index);
  return html`
    <button type="button" class="fe-source" style=${{ "--c": kind.color }} data-type=${type}
      data-testid="palette-${type}" aria-label="${editor.t("add_block", { name: title })}${hint ? `：${hint}` : ""}"
      onClick=${() => editor.add(type)}
      onPointerDown=${(event) => editor.drag(event, { node: event.currentTarget, label: title, drop })}>
        ${tile(kind)}<span class="fe-menu-text"><span>${title}</span><small>${hint}</small></span>
      </button>
  `;
}
