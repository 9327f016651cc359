/** A turn on the flow: it is painted, and where blocks ran in rounds one of these is looked at. */

import { bound, h, icon } from "./dom.js";
import { duration, nameOf } from "./card.js";
import { painted, valuesOf } from "./painted.js";
import { nextOf } from "./rounds.js";

/** Draw a turn's events on the flow; null: none. */
function paint(editor, events) {
  if (events !== editor.events) editor.rounds = {};
  editor.events = events;
  editor.turn = events && painted(editor.tree, editor.flow, editor.types, events, editor.rounds);
  editor.status = editor.turn ?? Object.create(null);
  editor.redraw();
  if (!editor.panel.contains(document.activeElement)) editor.redrawPanel();
}

/** Look at that round. */
function toRound(editor, id, n) {
  const { place, of } = editor.turn?.[id]?.rounds ?? {};
  if (!place || n === undefined) return;
  editor.rounds = { ...editor.rounds, [place]: n };
  paint(editor, editor.events);
  if (editor.panel.contains(document.activeElement)) editor.redrawPanel();
  const { block } = editor.tree.find(editor.flow, id);
  editor.announce(editor.t("round_now", { name: nameOf(editor, block), n, of: of.length }));
}

/** The rounds around block `id`, or its own; else the first there are. Whether there are any. */
function stepRound(editor, id, step) {
  const around = [...aroundOf(editor, id), ...Object.keys(editor.turn ?? {})];
  const found = around.find((one) => editor.turn?.[one]?.rounds);
  if (!found) return false;
  toRound(editor, found, nextOf(editor.turn[found].rounds, step));
}

/** Ids of a block and of those that it is inside of, innermost first. */
export function aroundOf({ tree, flow }, id) {
  const inside = (one) => tree.lanes(one).flatMap((lane) => tree.ids(lane.flow)).includes(id);
  return tree.blocks(flow).filter((one) => one.id === id || inside(one)).map((one) => one.id).toReversed();
}

/** Under a block that goes round: which of its rounds is looked at, and how long that took. */
export function Rounds({ editor, block }) {
  const rounds = editor.turn?.[block.id]?.rounds;
  if (!rounds) return null;
  const { at, of } = rounds;
  const { ms, status } = of.find(({ n }) => n === at);
  const step = (name, by) => {
    const next = nextOf(rounds, by);
    return h("button.fe-ghosted", {
      title: editor.t(name),
      "aria-label": editor.t(name),
      "aria-keyshortcuts": by < 0 ? "[" : "]",
      disabled: next === undefined,
      "data-testid": `do-${name}`,
      onclick: () => editor.toRound(block.id, next),
    }, icon(by < 0 ? "back" : "forward"));
  };
  const said = editor.t("round_of", { n: of.findIndex(({ n }) => n === at) + 1, of: of.length });
  return h(
    "div.fe-rounds",
    { role: "group", "aria-label": editor.t("rounds"), class: `is-${status}`, "data-testid": `rounds-${block.id}` },
    step("round_before", -1),
    h("span", {}, said),
    h("span.fe-status", {}, status === "done" ? duration(ms) : editor.t(`status_${status}`)),
    step("round_after", 1),
  );
}

/** What earlier blocks gave in the turn that is drawn, and what the round around block `id` is about. */
export function valuesAt(editor, id) {
  const values = valuesOf(editor.turn ?? {});
  for (const one of aroundOf(editor, id).slice(1).toReversed()) {
    const rounds = editor.turn?.[one]?.rounds;
    if (!rounds) continue;
    const { block } = editor.tree.find(editor.flow, one);
    const list = listOf(block.over ?? "{{ message.text }}", { ...values, message: { text: editor.asked } });
    Object.assign(values, { index: rounds.at }, list && { item: list[rounds.at - 1] });
  }
  return values;
}

/** The items that a plain reference stands for; null for what only the engine can tell. */
function listOf(over, values) {
  const path = /^\s*\{\{\s*(\w+(?:\.\w+)*)\s*\}\}\s*$/.exec(over)?.[1].split(".");
  const found = path?.reduce((inner, key) => (Object.hasOwn(inner ?? {}, key) ? inner[key] : undefined), values);
  if (Array.isArray(found)) return found;
  return typeof found === "string" ? found.split(/\r?\n/).map((line) => line.trim()).filter(Boolean) : null;
}

/** How long each round took, and how it went; a press looks at it. */
export function EachRound({ editor, block }) {
  const ran = editor.turn?.[block.id];
  const all = ran?.rounds?.of ?? ran?.each ?? [];
  const own = ran?.rounds ? block.id : ran?.place?.split("/").at(-1);
  if (all.length < 2) return null;
  const at = ran.rounds?.at ?? ran.at;
  const one = ({ n, ms, status }) =>
    h(
      "button.fe-chip",
      {
        key: n,
        class: n === at ? "block" : "",
        "aria-pressed": String(n === at),
        "data-testid": `round-${n}`,
        onclick: () => editor.toRound(own, n),
      },
      editor.t("round_took", { n, took: status === "done" ? duration(ms) : editor.t(`status_${status}`) }),
    );
  return h("div.fe-chips", { role: "group", "aria-label": editor.t("rounds") }, all.map(one));
}

export const turns = (editor) => bound(editor, { paint, toRound, stepRound });
