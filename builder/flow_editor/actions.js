/** What a person can do to the flow. Each action is one step of undo. */

import { nameOf } from "./card.js";
import { bound } from "./dom.js";
import { menu } from "./menu.js";
import { scope } from "./scope.js";
import { freshId } from "./tree.js";
import { blankOf } from "./values.js";
import { mainOf } from "./view.js";

const taken = (
  { tree, flow, reserved, variables },
) => [...reserved, ...variables.map(({ name }) => name), ...tree.ids(flow)];

const focus = (editor, id) => mainOf(editor.world, id)?.focus();

/** After the selected block; else at the end, but before a block there that ends the turn: nothing behind it would run. */
function here({ tree, flow, selected, types }) {
  const place = tree.find(flow, selected);
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

function remove(editor, id) {
  const { tree, flow } = editor;
  const found = tree.find(flow, id);
  if (!found) return;
  const all = tree.ids(flow);
  const left = tree.ids(tree.remove(flow, id));
  const next = refilled(editor, tree.remove(flow, id), all.filter((one) => !left.includes(one)));
  const neighbour = all.slice(0, all.indexOf(id)).findLast((other) => left.includes(other)) ?? left[0];
  editor.edit(next, "remove");
  if (editor.selected === id || !left.includes(editor.selected)) editor.select("");
  editor.announce(editor.t("removed", { name: nameOf(editor, found.block) }));
  if (neighbour) focus(editor, neighbour);
}

function moveTo(editor, id, list, index) {
  editor.edit(editor.tree.move(editor.flow, id, list, index), "move");
  mainOf(editor.world, id)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  focus(editor, id);
  const now = editor.tree.find(editor.flow, id);
  editor.announce(editor.t("moved", { name: nameOf(editor, now.block), n: now.index + 1 }));
}

function duplicate(editor, id) {
  const found = editor.tree.find(editor.flow, id);
  place(editor, editor.tree.copy(found.block, taken(editor)), found.list, found.index + 1, "duplicate");
}

/** Switch a block off, or on again. */
function toggle(editor, id) {
  const { block } = editor.tree.find(editor.flow, id);
  const { disabled, ...rest } = block;
  const { type, title, ...others } = rest;
  const off = { type, id, ...(title === undefined ? {} : { title }), disabled: true, ...others };
  editor.edit(editor.tree.change(editor.flow, id, disabled ? rest : off), "toggle");
  editor.announce(editor.t(disabled ? "switched_on" : "switched_off", { name: nameOf(editor, block) }));
}

function paste(editor, block) {
  const known = [...editor.tree.walk([block])].every(({ block: inner }) => Object.hasOwn(editor.types, inner.type));
  if (!known) return;
  const { list, index } = here(editor);
  place(editor, editor.tree.copy(block, taken(editor)), list, index, "paste");
}

function add(editor, type, list = here(editor).list, index = here(editor).index) {
  if (!editor.readonly) place(editor, make(editor, type), list, index, "add");
}

/** One block's settings; the form stays as it is, since it is where the change was made. */
const change = (editor, id, block, key) => editor.edit(editor.tree.change(editor.flow, id, block), "field", key);

function addMenu(editor, list, index, anchor) {
  const entry = ([type, kind]) => ({
    title: editor.say(kind.title),
    hint: editor.say(kind.hint),
    kind,
    testid: `menu-${type}`,
    run: () => add(editor, type, list ?? here(editor).list, index ?? here(editor).index),
  });
  menu(editor, anchor, editor.t("insert"), Object.entries(editor.types).map(entry));
}

function blockMenu(editor, id, anchor) {
  const { list, index, block } = editor.tree.find(editor.flow, id);
  const last = editor.tree.listAt(editor.flow, list).length - 1;
  menu(editor, anchor, nameOf(editor, block), [
    {
      title: editor.t("duplicate"),
      icon: "copy",
      keys: "Ctrl+D",
      testid: "do-duplicate",
      run: () => editor.duplicate(id),
    },
    {
      title: editor.t("up"),
      icon: "up",
      keys: "Alt+↑",
      disabled: index === 0,
      run: () => editor.moveTo(id, list, index - 1),
    },
    {
      title: editor.t("down"),
      icon: "down",
      keys: "Alt+↓",
      disabled: index === last,
      run: () => editor.moveTo(id, list, index + 2),
    },
    {
      title: editor.t(block.disabled ? "switch_on" : "switch_off"),
      icon: block.disabled ? "play" : "pause",
      keys: "D",
      testid: "do-toggle",
      run: () => editor.toggle(id),
    },
    {
      title: editor.t("delete"),
      icon: "trash",
      keys: "Del",
      danger: true,
      testid: "do-delete",
      run: () => editor.remove(id),
    },
  ]);
}

/** All of it, bound to the editor. */
export const actions = (editor) =>
  bound(editor, { taken, make, remove, moveTo, duplicate, toggle, paste, add, change, addMenu, blockMenu });
