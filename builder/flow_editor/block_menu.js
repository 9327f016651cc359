/** What can be done with a block, in a menu: each with its key. */

import { nameOf } from "./card.js";
import { bound } from "./dom.js";
import { spokenKeys } from "./keys.js";
import { menu } from "./menu.js";
import { shift } from "./moving.js";

/** Open it; what changes something is not there where nothing may be changed. */
function blockMenu(editor, id, anchor) {
  const { list, index, block } = editor.tree.find(editor.flow, id);
  const last = editor.tree.listAt(editor.flow, list).length - 1;
  const several = editor.marks.includes(id) ? editor.marks.length : 0;
  const entry = (name, drawn, keys, run, more = {}) => ({
    title: editor.t(name),
    icon: drawn,
    keys,
    spokenKeys: spokenKeys(keys),
    testid: `do-${name}`,
    run,
    ...more,
  });
  const look = [entry("copy", "copy", "Ctrl+C", () => editor.copy(id))];
  const change = [
    entry("cut", "copy", "Ctrl+X", () => editor.cut(id)),
    entry("duplicate", "copy", "Ctrl+D", () => editor.duplicate(id)),
    entry(
      block.disabled ? "switch_on" : "switch_off",
      block.disabled ? "play" : "pause",
      "D",
      () => editor.toggle(id),
      {
        testid: "do-toggle",
      },
    ),
    entry("up", "up", "Alt+↑", () => shift(editor, id, "ArrowUp"), {
      disabled: several > 1 || (index === 0 && !list.length),
    }),
    entry("down", "down", "Alt+↓", () => shift(editor, id, "ArrowDown"), {
      disabled: several > 1 || (index === last && !list.length),
    }),
    entry("mark", "check", "M", () => editor.markOne(id)),
    entry("delete", "trash", "Del", () => editor.remove(id), { danger: true }),
  ];
  const run = entry("run_block", "play", "R", () => runBlock(editor, id));
  const title = several ? editor.t("marked", { n: several }) : nameOf(editor, block);
  menu(editor, anchor, title, editor.readonly ? look : [...look, ...(editor.piece ? [run] : []), ...change]);
}

/** Its form, opened where it can be run. */
function runBlock(editor, id) {
  if (!editor.piece) return false;
  editor.pieces ??= new Map();
  editor.pieces.set(id, { on: false, given: {}, text: null, seen: null, ...editor.pieces.get(id), open: true });
  editor.select("");
  editor.select(id, { open: true });
  editor.panel.querySelector("[data-testid=piece] input")?.focus();
}

export const blockMenus = (editor) => bound(editor, { blockMenu, runBlock });
