/** What a person can do to the flow. Each action is one step of undo. */

import { nameOf } from "./card.js";
import { bound } from "./dom.js";
import { menu } from "./menu.js";
import { scope } from "./scope.js";
import { freshId } from "./tree.js";
import { asRead, blankOf } from "./values.js";
import { mainOf } from "./view.js";

const taken = (
  { tree, flow, reserved, variables },
) => [...reserved, ...variables.map(({ name }) => name), ...tree.ids(flow)];

const focus = (editor, id) => mainOf(editor.world, id)?.focus();

/** After what is selected or has the focus; else at the end, but before a block there that ends the turn: nothing behind it would run. */
function here({ tree, flow, selected, marks, types }) {
  const place = tree.find(flow, marks.at(-1) ?? selected);
  if (place) return { list: place.list, index: place.index + 1 };
  const ends = types[flow.at(-1)?.type]?.ends;
  return { list: [], index: flow.length - (ends ? 1 : 0) };
}

function make(editor, type) {
  const required = editor.types[type].fields.filter(({ name, required: needed }) => needed && name !== "id");
  const settings = required.map((field) => [field.name, blankOf(field, editor)]);
  return { type, id: freshId(type, taken(editor)), ...Object.fromEntries(settings) };
}

function place(editor, block, list, index, why) {
  const made = why === "add" ? filled(editor, block, list, index) : block;
  editor.edit(editor.tree.insert(editor.flow, list, index, made), why);
  editor.select(block.id, { open: true, reveal: true });
  editor.announce(editor.t("added", { name: nameOf(editor, block) }));
  if (!editor.narrow) focus(editor, block.id);
}

/** What somebody is told. */
const saying = (type) => type?.fields.find(({ widget, required }) => widget === "area" && required);

/** The nearest result in words, or why a block failed: what is most often said. */
function resultFor(editor, flow, id) {
  const fits = ({ block, name, seldom }) => block && !seldom && /^\w+\.(text|error)$/.test(name);
  const found = scope(editor.tree, flow, id, editor).find(fits);
  return found ? `{{ ${found.name} }}` : "";
}

function filled(editor, made, list, index) {
  const text = saying(editor.types[made.type]);
  if (!text) return made;
  const found = resultFor(editor, editor.tree.insert(editor.flow, list, index, made), made.id);
  // What ends a turn is said to whoever wrote: not their own words.
  const own = editor.types[made.type].ends ? "" : "{{ message.text }}";
  return { ...made, [text.name]: found || own };
}

/** What only repeats the result of a block that is gone repeats the nearest one that is left. */
function refilled(editor, flow, gone) {
  const { tree, types } = editor;
  const repeats = ({ block, text }) => gone.includes(/^{{ (\w+)\.\w+ }}$/.exec(block[text?.name] ?? "")?.[1]);
  const found = tree.blocks(flow).map((block) => ({ block, text: saying(types[block.type]) })).filter(repeats);
  return found.reduce((now, { block, text }) => {
    const nearest = resultFor(editor, now, block.id);
    return tree.change(now, block.id, { ...block, [text.name]: nearest });
  }, flow);
}

/** `follow`: what only repeated its result repeats another. */
function remove(editor, id, { follow = true } = {}) {
  const { tree, flow } = editor;
  const gone = editor.meant(id);
  if (!gone.length) return;
  const name = told(editor, gone);
  const all = tree.ids(flow);
  const left = tree.ids(tree.removeAll(flow, gone));
  const without = tree.removeAll(flow, gone);
  const next = follow ? refilled(editor, without, all.filter((one) => !left.includes(one))) : without;
  const neighbour = all.slice(0, all.indexOf(gone[0])).findLast((other) => left.includes(other)) ?? left[0];
  editor.edit(next, "remove");
  if (editor.marks.length || !left.includes(editor.selected)) editor.select("");
  editor.announce(editor.t("removed", { name }));
  if (neighbour) focus(editor, neighbour);
}

/** The names of several. */
const told = (editor, ids) =>
  ids.map((id) => nameOf(editor, editor.tree.find(editor.flow, id).block)).join(editor.t("and_also"));

function moveTo(editor, id, list, index) {
  const ids = editor.meant(id);
  editor.edit(editor.tree.moveAll(editor.flow, ids, list, index), "move");
  mainOf(editor.world, id)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  focus(editor, id);
  const now = editor.tree.find(editor.flow, id);
  editor.announce(editor.t("moved", { name: told(editor, ids), n: now.index + 1 }));
}

function duplicate(editor, id) {
  const { tree, flow } = editor;
  const found = editor.meant(id).map((one) => tree.find(flow, one));
  const { list, index } = found.at(-1);
  placeAll(
    editor,
    tree.copyAll(found.map(({ block }) => block), taken(editor)),
    { list, index: index + 1 },
    "duplicate",
  );
}

/** Put several blocks at a spot, and mark them; one is selected as if it were added. */
function placeAll(editor, blocks, spot, why) {
  const { list, index } = spot ?? here(editor);
  if (blocks.length === 1) return place(editor, blocks[0], list, index, why);
  editor.edit(editor.tree.insert(editor.flow, list, index, ...blocks), why);
  editor.markAll(blocks.map(({ id }) => id));
  focus(editor, blocks[0].id);
  editor.announce(editor.t("added_many", { n: blocks.length }));
}

/** Switch blocks off, or on again where all of them are off. */
function toggle(editor, id) {
  const { tree } = editor;
  const ids = editor.meant(id);
  const name = told(editor, ids);
  const isOff = ids.every((one) => tree.find(editor.flow, one).block.disabled);
  const next = ids.reduce((flow, one) => {
    const { disabled: _, ...rest } = tree.find(flow, one).block;
    const { type, title, ...others } = rest;
    const off = { type, id: one, ...(title === undefined ? {} : { title }), disabled: true, ...others };
    return tree.change(flow, one, isOff ? rest : off);
  }, editor.flow);
  editor.edit(
    ids.reduce((flow, one) => tree.change(flow, one, asRead(editor, tree.find(flow, one).block)), next),
    "toggle",
  );
  editor.announce(editor.t(isOff ? "switched_on" : "switched_off", { name }));
}

function add(editor, type, list = here(editor).list, index = here(editor).index) {
  if (!editor.readonly) place(editor, make(editor, type), list, index, "add");
}

/** One block's settings; the form stays as it is, since it is where the change was made. */
const change = (editor, id, block, key) =>
  editor.edit(editor.tree.change(editor.flow, id, asRead(editor, block)), "field", key);

function addMenu(editor, list, index, anchor) {
  const spot = () => list ? { list, index } : here(editor);
  const entry = ([type, kind]) => ({
    title: editor.say(kind.title),
    hint: editor.say(kind.hint),
    kind,
    testid: `menu-${type}`,
    run: () => add(editor, type, spot().list, spot().index),
  });
  const paste = {
    title: editor.t("paste"),
    icon: "copy",
    testid: "menu-paste",
    run: () => editor.paste(undefined, spot()),
  };
  const entries = Object.entries(editor.types).map(entry);
  menu(editor, anchor, editor.t("insert"), editor.hasCopy() ? [paste, ...entries] : entries);
}

/** All of it, bound to the editor. */
export const actions = (editor) =>
  bound(editor, { taken, make, remove, moveTo, duplicate, placeAll, toggle, add, change, addMenu });
