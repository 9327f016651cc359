/** One block as a card: icon, name, summary, result name, run status, problems. */

import { h, icon } from "./dom.js";
import { kindsOf, mark } from "./became.js";
import { readable } from "./painted.js";
import { parts, unmarked } from "./scope.js";

const LINES = 3; // settings a card shows
const LONGEST = 120; // characters of one of them

/** The name a person sees: the block's own title, else that of its type, counted where several have only that. */
export function nameOf(editor, block) {
  if (block.title) return block.title;
  const name = editor.say(editor.types[block.type]?.title) || block.type;
  const { places, counts } = untitled(editor);
  return counts.get(block.type) > 1 && places.has(block.id) ? `${name} ${places.get(block.id)}` : name;
}

const counted = new WeakMap(); // by flow: asked for each card of it

/** Blocks without a title: how many of a type, and which of them one is. */
function untitled({ tree, flow }) {
  if (counted.has(flow)) return counted.get(flow);
  const [places, counts] = [new Map(), new Map()];
  for (const { id, type, title } of tree.blocks(flow)) {
    if (title) continue;
    counts.set(type, (counts.get(type) ?? 0) + 1);
    places.set(id, counts.get(type));
  }
  counted.set(flow, { places, counts });
  return counted.get(flow);
}

export const tile = (kind) => h("span.fe-tile", { color: kind?.color }, icon(kind?.icon));

/** One card; the same as before where nothing that it shows is another. */
export function card(editor, block, { unreached = false } = {}) {
  const { cards, selected, marks, found, status, names, readonly } = editor;
  const wrong = editor.problems.filter((problem) => problem.id === block.id);
  const seen = [
    block,
    nameOf(editor, block),
    selected === block.id || marks.includes(block.id),
    found === block.id,
    status[block.id],
    ...wrong,
    unreached,
    editor.referred.has(block.id),
    readonly,
    editor.became?.[block.id],
    editor.here?.[block.id],
    names,
    editor.turn,
  ];
  const before = cards.get(block.id);
  if (before?.seen.length === seen.length && before.seen.every((one, i) => one === seen[i])) return before.drawn;
  const drawn = draw(editor, block, wrong, unreached);
  cards.set(block.id, { seen, drawn });
  return drawn;
}

function draw(editor, block, wrong, unreached) {
  const type = editor.types[block.type];
  const status = editor.status[block.id];
  const looks = {
    selected: editor.selected === block.id,
    marked: editor.marks.includes(block.id),
    found: editor.found === block.id,
    [`is-${status?.status}`]: status,
    "has-error": wrong.some((problem) => problem.level === "error"),
    unreached,
    off: block.disabled,
    passed: editor.turn && !status,
  };
  const [marked, badge] = mark(editor, block.id);
  const given = {
    color: type?.color,
    "data-id": block.id,
    "data-testid": `block-${block.id}`,
    "data-type": block.type,
    class: [marked, ...Object.keys(looks).filter((look) => looks[look])].join(" "),
  };
  return h(
    "div.fe-card",
    given,
    badge,
    main(editor, block, type, wrong, unreached),
    tools(editor, block),
    badges(editor, wrong, unreached),
    others(editor, block.id),
  );
}

/** Who else works on it, by name. */
function others(editor, id) {
  const here = editor.here?.[id];
  if (!here) return null;
  return h(
    "span.fe-here",
    { "data-testid": "here", title: editor.t("here", { who: here }), "aria-hidden": "true" },
    icon("person"),
    h("span", {}, here),
  );
}

function main(editor, block, type, wrong, unreached) {
  const name = nameOf(editor, block);
  const status = editor.status[block.id];
  const state = status ? editor.t(`status_${status.status}`) : "";
  const said = [
    name,
    ...kindsOf(editor, block.id),
    state,
    ...wrong.map((p) => editor.say(p.text)),
    unreached && editor.t("unreached"),
    block.disabled && editor.t("off"),
    editor.here?.[block.id] && editor.t("here", { who: editor.here[block.id] }),
  ];
  const given = {
    "aria-label": said.filter(Boolean).join("，"),
    "aria-pressed": String(editor.selected === block.id || editor.marks.includes(block.id)),
    onclick: (event) => chosen(editor, block.id, event),
  };
  return h(
    "button.fe-main",
    given,
    h(
      "span.fe-head",
      {},
      tile(type ?? { icon: "question" }),
      h("span.fe-name", {}, name),
      offMark(editor, block),
      statusMark(editor, status),
    ),
    summary(editor, block, type),
    gave(editor, block),
    result(editor, block, type),
  );
}

/** With Ctrl or Shift it is marked, and by a finger while others are; by the keyboard it is on to the form, from where Esc leads back. */
function chosen(editor, id, event) {
  const more = event.ctrlKey || event.metaKey || event.shiftKey;
  if (more || (editor.marks.length && event.pointerType === "touch")) return editor.markOne(id);
  editor.select(id, { open: true, enter: event.detail === 0 });
}

/** The first thing that it gave in the turn that is drawn. */
function gave(editor, { id }) {
  const { output, why } = editor.turn?.[id] ?? {};
  const first = why ? editor.say(why) : Object.values(output ?? {}).map(readable).find((text) => text.trim());
  return first && h("span.fe-gave", { "data-testid": "gave" }, first.slice(0, LONGEST));
}

const offMark = (editor, { disabled }) =>
  disabled && h("span.fe-off", { "data-testid": "off" }, icon("pause"), editor.t("off"));

function tools(editor, block) {
  return h(
    "span.fe-tools",
    {},
    !editor.readonly && h("span.fe-grip", { title: editor.t("drag"), "aria-hidden": "true" }, icon("grip")),
    h("button.fe-ghosted.fe-more", {
      title: editor.t("more"),
      "aria-label": editor.t("more_of", { name: nameOf(editor, block) }),
      "aria-haspopup": "menu",
      onclick: (event) => editor.blockMenu(block.id, event.currentTarget),
    }, icon("more")),
  );
}

function statusMark(editor, status) {
  if (!status) return null;
  const times = status.runs > 1 && !status.place ? ` × ${status.runs}` : ""; // of rounds, the block around tells
  const text = status.status === "done" && status.ms != null
    ? duration(status.ms) + times
    : editor.t(`status_${status.status}`);
  const marks = { running: h("span.fe-spinner"), done: icon("check"), failed: icon("warning"), waiting: icon("clock") };
  const mark = marks[status.status];
  return h("span.fe-status", { "data-testid": "status" }, mark, text);
}

export const duration = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

function badges(editor, wrong, unreached) {
  if (!wrong.length && !unreached) return null;
  return h(
    "div.fe-badges",
    {},
    wrong.slice(0, 2).map((problem) =>
      h(
        "span.fe-badge",
        { class: problem.level, "data-testid": "problem" },
        icon("warning"),
        h("span", {}, editor.say(problem.text)),
      )
    ),
    wrong.length > 2 && h("span.fe-badge", {}, `+${wrong.length - 2}`),
    unreached && h("span.fe-badge.muted", { "data-testid": "unreached" }, icon("warning"), editor.t("unreached")),
  );
}

/** The settings that tell most: the first long text, or what the widgets say of themselves. */
function summary(editor, block, type) {
  const lines = (type?.fields ?? []).map((field) => line(editor, type, field, block[field.name] ?? field.default))
    .filter(Boolean);
  return lines.length > 0 && h("span.fe-summary", {}, lines.slice(0, LINES));
}

function line(editor, type, field, value) {
  if (value == null || ["id", "title"].includes(field.name)) return null;
  const say = {
    text: () => value !== field.default && h("span.fe-line", {}, value.slice(0, LONGEST)),
    agent: () => value && chips([agentTitle(editor, value) || value]),
    code: () => h("code.fe-line", {}, value.slice(0, LONGEST)),
    area: () => (value === field.default && !type.ends ? null : templated(editor, value)),
    template: () => (value === field.default ? null : templated(editor, value)),
    prompt:
      () => (value.template ? chips([templateTitle(editor, value.template)]) : templated(editor, value.text ?? "")),
    model: () => (value === "default" ? null : h("span.fe-line", {}, value)),
    tools: () => value.length > 0 && chips(value.map((tool) => toolName(editor, tool))),
    tool: () => value.type && chips([toolName(editor, value)]),
    pairs: () =>
      Object.keys(value).length > 0 &&
      h("span.fe-line", {}, Object.keys(value).map((name) => variableTitle(editor, name) ?? name).join(", ")),
    "": () => field.fields?.length && Array.isArray(value) && value.length > 0 && chips(called(value)),
  }[field.widget];
  return say?.() || null;
}

/** What a list of groups holds: the fields that are asked for, the choices of a reply; what has no title by its name. */
const called = (items) =>
  items.flatMap((one) => {
    const said = [one?.title, one?.text].find(isWritten);
    return said ?? (isWritten(one?.name) ? h("code", {}, one.name) : []);
  });

const isWritten = (word) => typeof word === "string" && word !== "";

const templateTitle = (editor, id) => editor.say(editor.templates.find((one) => one.id === id)?.title) || id;

const agentTitle = (editor, id) => editor.agents.find((one) => one.value === id)?.title;

/** The agent that it asks is what a person knows it by. */
export const toolTitle = (editor, tool) => {
  const kind = editor.tools[tool.type];
  const asks = kind?.fields?.find(({ widget }) => widget === "agent");
  return asks && agentTitle(editor, tool[asks.name]);
};

export const toolName = (editor, tool) =>
  toolTitle(editor, tool) || tool.name || editor.say(editor.tools[tool.type]?.title) || tool.type;

const chips = (words) => h("span.fe-line", {}, words.map((word) => h("span.fe-token.plain", {}, word)));

/** Text with its references as small tokens: "请看 [查资料 · 找到的段落]". */
function templated(editor, text) {
  if (!text.trim()) return null;
  return h(
    "span.fe-line",
    {},
    parts(text.slice(0, LONGEST)).map((part) =>
      part.name ? h("span.fe-token", {}, referenceTitle(editor, part.name)) : unmarked(part.text)
    ),
  );
}

export function referenceTitle(editor, name) {
  const [id, key] = name.split(".");
  const block = key && editor.tree.find(editor.flow, id)?.block;
  if (block) return nameOf(editor, block);
  return variableTitle(editor, name) || editor.say(editor.always[name]) || name;
}

const variableTitle = (editor, name) => editor.variables.find((one) => one.name === name)?.title;

function result(editor, block, type) {
  const used = type && !type.ends && editor.referred.has(block.id);
  return used && h("span.fe-result", { title: editor.t("used_later") }, block.id);
}
