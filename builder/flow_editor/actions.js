/** What a person can do to the flow. Each action is one step of undo. */

import { nameOf } from "./card.js";
import { blankOf } from "./values.js";
import { menu } from "./menu.js";
import { scope } from "./scope.js";
import { freshId } from "./tree.js";
import { mainOf } from "./view.js";

export function actions(editor) {
  const { tree } = editor;
  const taken = () => [...editor.reserved, ...editor.variables.map(({ name }) => name), ...tree.ids(editor.flow)];
  const focus = (id) => mainOf(editor.world, id)?.focus();

  /** After the selected block; else at the end, but before a block there that ends the turn: nothing behind it would run. */
  const here = () => {
    const place = tree.find(editor.flow, editor.selected);
    if (place) return { list: place.list, index: place.index + 1 };
    const ends = editor.types[editor.flow.at(-1)?.type]?.ends;
    return { list: [], index: editor.flow.length - (ends ? 1 : 0) };
  };

  function make(type) {
    const required = editor.types[type].fields.filter(({ name, required: needed }) => needed && name !== "id");
    return {
      type,
      id: freshId(type, taken()),
      ...Object.fromEntries(required.map((field) => [field.name, blankOf(field, editor)])),
    };
  }

  function place(block, list, index, why) {
    editor.edit(tree.insert(editor.flow, list, index, filled(block)), why);
    editor.select(block.id, { open: true, reveal: true });
    editor.announce(editor.t("added", { name: nameOf(editor, block) }));
    if (!editor.narrow) focus(block.id);

    /** A block that ends the turn starts with the nearest result, since that is what it most often says. */
    function filled(made) {
      const text = editor.types[made.type].fields.find(({ widget, required }) => widget === "area" && required);
      if (why !== "add" || !text || !editor.types[made.type].ends) return made;
      const trial = tree.insert(editor.flow, list, index, made);
      const found = scope(tree, trial, made.id, editor).find(({ block: from, name }) =>
        from && name.endsWith(`.${text.name}`)
      );
      return found ? { ...made, [text.name]: `{{ ${found.name} }}` } : made;
    }
  }

  function remove(id) {
    const found = tree.find(editor.flow, id);
    if (!found) return;
    const all = tree.ids(editor.flow);
    const next = tree.remove(editor.flow, id);
    const left = tree.ids(next);
    const neighbour = all.slice(0, all.indexOf(id)).findLast((other) => left.includes(other)) ?? left[0];
    editor.edit(next, "remove");
    if (editor.selected === id || !left.includes(editor.selected)) editor.select("");
    editor.announce(editor.t("removed", { name: nameOf(editor, found.block) }));
    if (neighbour) focus(neighbour);
  }

  function moveTo(id, list, index) {
    editor.edit(tree.move(editor.flow, id, list, index), "move");
    mainOf(editor.world, id)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    focus(id);
    const now = tree.find(editor.flow, id);
    editor.announce(editor.t("moved", { name: nameOf(editor, now.block), n: now.index + 1 }));
  }

  function duplicate(id) {
    const found = tree.find(editor.flow, id);
    place(tree.copy(found.block, taken()), found.list, found.index + 1, "duplicate");
  }

  function paste(block) {
    const known = [...tree.walk([block])].every(({ block: inner }) => Object.hasOwn(editor.types, inner.type));
    if (!known) return;
    const { list, index } = here();
    place(tree.copy(block, taken()), list, index, "paste");
  }

  return {
    taken,
    make,
    remove,
    moveTo,
    duplicate,
    paste,
    add: (type, list = here().list, index = here().index) => editor.readonly || place(make(type), list, index, "add"),
    /** One block's settings; the form stays as it is, since it is where the change was made. */
    change: (id, block, key) => editor.edit(tree.change(editor.flow, id, block), "field", key),
    addMenu: (list, index, anchor) =>
      menu(
        editor,
        anchor,
        editor.t("insert"),
        Object.entries(editor.types).map(([type, kind]) => ({
          title: editor.say(kind.title),
          hint: editor.say(kind.hint),
          kind,
          testid: `menu-${type}`,
          run: () => editor.add(type, list ?? here().list, index ?? here().index),
        })),
      ),
    blockMenu: (id, anchor) => blockMenu(editor, id, anchor),
  };
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
      title: editor.t("delete"),
      icon: "trash",
      keys: "Del",
      danger: true,
      testid: "do-delete",
      run: () => editor.remove(id),
    },
  ]);
}
