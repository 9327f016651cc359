// What a version holds, and what is new in it beside another: in words.

import { fieldTitles } from "../difference/fields.js";
import { listed, t } from "../common/texts.js";

/** "new: …", "changed: …": what was added, removed, moved and changed. */
export function changesIn(work, { added, removed, moved, changed, settings }) {
  const names = (list) => listed(list.map((block) => named(work, block)));
  return [
    added.length && t("history.added", { names: names(added) }),
    removed.length && t("history.removed", { names: names(removed) }),
    moved.length && t("history.moved", { names: names(moved) }),
    changed.length && t("history.changed", { names: listed(changed.map((block) => fieldsOf(work, block))) }),
    settings.length && t("history.settings", { names: listed(settings.map((name) => work.place(name))) }),
  ].filter(Boolean);
}

const FIRST = 4; // blocks that are named

/** "new: … · 3 blocks: …". */
export function heldIn(work, held) {
  const first = held.blocks.slice(0, FIRST).map((block) => named(work, block));
  const names = listed(held.blocks.length > FIRST ? [...first, t("history.more")] : first);
  const blocks = t("history.blocks", { n: held.blocks.length, names: names || t("history.empty") });
  return [...changesIn(work, held), blocks].join(" · ");
}

const named = (work, block) => work.editor.name(block) || block.title || block.id;

/** "Answer (prompt)". */
function fieldsOf(work, block) {
  const titled = fieldTitles(work.catalog, block.type);
  const titles = [...new Set(block.fields.map((path) => titled(path.slice(0, 1))))];
  const name = named(work, block);
  return titles.length ? t("history.fields", { name, fields: listed(titles) }) : name;
}
