/** Search in the flow: every word of every block; from find to find by Enter. */

import { html, useLayoutEffect, useRef } from "preact";
import { put } from "./tree.js";
import { nameOf } from "./card.js";
import { icon } from "./dom.js";
import { small } from "./sortable.js";
import { cardOf, mainOf } from "./view.js";

export function openSearch(editor) {
  editor.search = { word: "", at: 0, ...editor.search, opened: Date.now() };
  editor.redrawBar();
}

/** Ids of the blocks in which that word stands, in reading order. */
export function finds(editor, word) {
  const wanted = word.trim().toLowerCase();
  if (!wanted) return [];
  const { tree, flow, types } = editor;
  const said = (block) => {
    const own = tree.lanes(block).reduce((less, { path }) => put(less, path, []), block);
    return `${nameOf(editor, block)} ${editor.say(types[block.type]?.title)} ${JSON.stringify(own)}`.toLowerCase();
  };
  return tree.blocks(flow).filter((block) => said(block).includes(wanted)).map(({ id }) => id);
}

export function Search({ editor }) {
  const box = useRef(null);
  const { word, at, opened } = editor.search;
  const found = finds(editor, word);
  const here = found[at % (found.length || 1)];
  useLayoutEffect(() => (box.current.focus(), box.current.select()), [opened]);
  useLayoutEffect(() => show(editor, here), [here, word]);
  const set = (part) => {
    editor.search = { ...editor.search, ...part };
    editor.redrawBar();
  };
  const go = (step) => found.length && set({ at: (at + step + found.length) % found.length });
  const close = () => {
    editor.search = null;
    show(editor, "");
    editor.redrawBar();
    const next = here ?? editor.tree.ids(editor.flow)[0];
    mainOf(editor.world, next)?.focus();
  };
  const press = (event) => {
    if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const block = here && editor.tree.find(editor.flow, here).block;
  const told = block
    ? editor.t("found", { n: found.indexOf(here) + 1, of: found.length, name: nameOf(editor, block) })
    : "";
  return html`<div class="fe-group fe-search" role="search" onKeyDown=${press}>
    ${icon("search")}
    <input class="fe-input" type="text" ref=${box} value=${word} placeholder=${editor.t("search_flow")}
      aria-label=${editor.t("search_flow")} data-testid="flow-search" onInput=${(event) =>
    set({ word: event.target.value, at: 0 })} />
    <span class="fe-found" role="status" data-testid="found">${word.trim() && (told || editor.t("found_none"))}</span>
    ${small(editor, "previous", () => go(-1), !found.length, "up")}
    ${small(editor, "next", () => go(1), !found.length, "down")}
    ${small(editor, "close", close)}
  </div>`;
}

/** Ring the card and bring it into the middle. */
function show(editor, id = "") {
  if (editor.found === id) return;
  editor.found = id;
  editor.redraw();
  cardOf(editor.world, id)?.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
}
