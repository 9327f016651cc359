/** The flow drawn from its tree. One structure for both views: the style sheet makes a chart or a list of it. */

import { card, nameOf, referenceTitle } from "./card.js";
import { fill, h, icon } from "./dom.js";
import { parse } from "./expression.js";
import { mark } from "./became.js";
import { endsIn, unreached } from "./scope.js";
import { Rounds } from "./turn.js";

/** What cards show besides their block: another object where any of it changed since `before`. */
export function namesIn(editor, before) {
  const { tree, flow, language, variables, templates, agents, types, tools } = editor;
  const now = [
    tree.blocks(flow).map((block) => nameOf(editor, block)).join("\0"),
    language,
    variables,
    templates,
    agents,
    types,
    tools,
  ];
  return before?.length === now.length && now.every((one, i) => one === before[i]) ? before : now;
}

/** Draw into `world`, keeping focus; blocks that changed place glide there. */
export function draw(editor, world) {
  const focused = document.activeElement?.closest?.(".fe-card")?.getAttribute("data-id");
  const within = world.contains(document.activeElement) ? focused : undefined;
  const order = placesOf(editor);
  const before = order === editor.order ? null : positions(world); // measuring costs
  editor.order = order;
  const lost = editor.became ? new Set() : unreached(editor.tree, editor.flow, editor.types);
  editor.around = aroundOf(editor, lost);
  const empty = editor.flow.length === 0;
  fill(
    world,
    h(
      "div.fe-terminal",
      {},
      h("span.fe-tile.round", { color: "#07c160" }, icon("message")),
      editor.begins || editor.t("start"),
    ),
    empty ? emptyState(editor) : sequence(editor, editor.flow, [], lost),
    h(
      "div.fe-terminal.end",
      { class: endsIn(editor.tree, editor.flow, editor.types) ? "muted" : "" },
      icon("flag"),
      editor.t("end"),
    ),
  );
  if (before) glide(world, before);
  if (within) mainOf(world, within)?.focus({ preventScroll: true });
}

const placesOf = ({ tree, flow, view }) =>
  `${view} ${[...tree.walk(flow)].map(({ block, list, index }) => `${list.join(".")}.${index}:${block.id}`).join(" ")}`;

export const cardOf = (world, id) => [...world.querySelectorAll(".fe-card")].find((node) => node.dataset.id === id);

export const mainOf = (world, id) => cardOf(world, id)?.querySelector(".fe-main");

/** What is drawn of a list: the same as before where nothing that it shows is another. */
function sequence(editor, list, path, lost) {
  const at = path.join(".");
  const before = editor.lists.get(at);
  const chosen = chosenIn(editor, list);
  const isSame = before?.list === list && before.world === editor.around && before.chosen === chosen;
  if (isSame) return before.drawn;
  const drawn = listed(editor, list, path, lost);
  editor.lists.set(at, { list, world: editor.around, chosen, drawn });
  return drawn;
}

/** Which blocks of a list, nested ones too, are selected, found or marked: where none is, nothing of it changes. */
export function chosenIn({ tree, selected, found, marks }, list) {
  const here = tree.within(list);
  const those = (ids) => ids.filter((id) => here.has(id)).join();
  return [[selected], [found], marks].map(those).join(" ");
}

/** What a list's drawing depends on besides its blocks and which of them are chosen: the same object where all of it is the same. */
function aroundOf(editor, lost) {
  const { names, turn, status, problems, referred, readonly, around, became, here } = editor;
  const words = [[...lost].join(), [...referred].join()];
  const now = [names, turn, status, problems, readonly, became, here, ...words];
  return around?.length === now.length && now.every((one, i) => one === around[i]) ? around : now;
}

function listed(editor, list, path, lost) {
  const after = (index) =>
    lost.has(list[index]?.id) || (index === list.length && endsIn(editor.tree, list, editor.types));
  const ran = (index) =>
    editor.turn &&
    (editor.turn[list[index]?.id] || (index && editor.turn[list[index - 1]?.id]?.status === "done" && !list[index]));
  return h(
    "div.fe-sequence",
    { role: "list" },
    slot(editor, path, 0, after(0), ran(0)),
    list.map((block, index) => [
      h(
        "div.fe-step",
        { key: `step-${block.id}`, role: "listitem" },
        card(editor, block, { unreached: lost.has(block.id) }),
        Rounds({ editor, block }),
        lanes(editor, block, [...path, index], lost),
      ),
      slot(editor, path, index + 1, after(index + 1), ran(index + 1)),
    ]),
  );
}

/** A condition in words; as it is written where rows cannot say it. */
function spokenCondition(editor, when) {
  const parsed = parse(when);
  if (!parsed?.rows.length) return when;
  const row = ({ name, is, text }) =>
    [referenceTitle(editor, name), editor.t(`is_${is}`), text && `“${text}”`].filter(Boolean).join(" ");
  return parsed.rows.map(row).join(` ${editor.t(parsed.join)} `);
}

function lanes(editor, block, path, lost) {
  const inner = editor.tree.lanes(block);
  if (!inner.length) return null;
  return h(
    "div.fe-lanes",
    { role: "list" },
    inner.map((lane, n) => {
      const when = spokenCondition(editor, lane.when ?? "");
      const title = lane.otherwise ? editor.say(lane.otherwise) : lane.title || when || editor.t("case", { n: n + 1 });
      const ends = endsIn(editor.tree, lane.flow, editor.types);
      const [marked, badge] = lane.path.length > 1
        ? mark(editor, [block.id, ...lane.path.slice(0, -1)].join("."))
        : ["", null];
      return h(
        "div.fe-lane",
        {
          role: "listitem",
          "aria-label": title,
          class: [marked, ends && "ends", isTaken(editor, block, lane) && "taken"].filter(Boolean).join(" "),
        },
        h(
          "button.fe-case",
          {
            class: lane.otherwise ? "otherwise" : lane.when?.trim() === "" ? "missing" : "",
            title: when,
            onclick: () => editor.select(block.id, { open: true, field: lane.path.slice(0, -1).join(".") }),
          },
          badge,
          title,
        ),
        sequence(editor, lane.flow, [...path, ...lane.path], lost),
      );
    }),
  );
}

/** Whether the turn that is drawn went this way. */
function isTaken({ turn }, block, { flow, title, otherwise }) {
  if (!turn?.[block.id]) return false;
  if (flow.length) return flow.some(({ id }) => turn[id]);
  const way = turn[block.id].output?.case;
  return way !== undefined && (otherwise ? way === "" : Boolean(title) && way === title);
}

/** The place between two blocks: a line, a + button, and where a dragged block lands. */
function slot(editor, list, index, dead, ran = false) {
  return h(
    "div.fe-slot",
    {
      key: `slot-${index}`,
      ref: (node) => node && Object.assign(node, { spot: { list, index } }),
      role: "listitem",
      class: [dead && "dead", ran && "ran"].filter(Boolean).join(" "),
      "data-testid": `slot-${["flow", ...list, index].join(".")}`,
    },
    h("span.fe-drop", {}, editor.t("drop_here")),
    !editor.readonly && h("button.fe-add", {
      title: editor.t("insert"),
      "aria-label": editor.t("insert"),
      "aria-haspopup": "menu",
      onclick: (event) => editor.addMenu(list, index, event.currentTarget),
    }, icon("plus")),
  );
}

function emptyState(editor) {
  return h(
    "div.fe-sequence",
    {},
    slot(editor, [], 0, false),
    h(
      "div.fe-empty",
      { "data-testid": "empty" },
      h("strong", {}, editor.t("empty_title")),
      h("p", {}, editor.t("empty_hint")),
      !editor.readonly && h(
        "button.fe-button.primary",
        {
          onclick: (event) => editor.addMenu([], 0, event.currentTarget),
        },
        icon("plus"),
        editor.t("empty_add"),
      ),
    ),
    h("div.fe-slot.plain"),
  );
}

function positions(world) {
  return new Map(
    [...world.querySelectorAll(".fe-card")].map((node) => [node.dataset.id, node.getBoundingClientRect()]),
  );
}

const meets = (a, b) => a.bottom > b.top && a.top < b.bottom && a.right > b.left && a.left < b.right;

function glide(world, before) {
  if (!before.size || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const seen = world.parentElement.getBoundingClientRect();
  const cards = [...world.querySelectorAll(".fe-card")].map((node) => [node, node.getBoundingClientRect()]);
  for (const [node, now] of cards) { // measured before the first moves: each measure between would lay all out again
    const old = before.get(node.dataset.id);
    if (![old, now].some((one) => one && meets(one, seen))) continue; // nobody sees it
    if (!old) node.animate([{ opacity: 0, scale: 0.96 }, {}], { duration: 180, easing: "ease-out" });
    else if (Math.hypot(old.x - now.x, old.y - now.y) > 1) {
      const from = `translate(${old.x - now.x}px, ${old.y - now.y}px)`;
      node.animate([{ transform: from }, { transform: "none" }], { duration: 220, easing: "cubic-bezier(.2,.8,.2,1)" });
    }
  }
}
