/**
 * Operations on an agent's flow. Nothing is changed in place: each operation returns a new flow, or the same one when
 * it does not apply. A list of blocks is named by its path: [] is the flow itself, [1, "cases", 0, "flow"] a branch's.
 */

/** The value at a path. */
export const at = (value, path) => path.reduce((inner, key) => inner?.[key], value);

/** A copy with another value at a path. */
export function put(value, path, next) {
  if (!path.length) return next;
  const [key, ...rest] = path;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[key] = put(copy[key], rest, next);
  return copy;
}

/** The operations for blocks of these types (the catalog's `blocks`, which say where a block nests flows). */
export const treeOf = (types) => new Tree(types);

class Tree {
  constructor(types) {
    this.types = types;
    this.inner = new WeakMap();
    this.expressions = new Set(Object.values(types).flatMap(({ fields }) => expressionsIn(fields)));
  }

  fields(block) {
    return this.types[block.type]?.fields ?? [];
  }

  /** The flows inside a block: [{path, flow, title?, when?}]; path is relative to the block. */
  lanes(block) {
    return this.fields(block).flatMap((field) => {
      const value = Array.isArray(block[field.name]) ? block[field.name] : [];
      // The way for when something fails is there once somebody wants it.
      if (field.widget === "flow" || (field.widget === "fallback" && block[field.name])) {
        return [{ path: [field.name], flow: value, otherwise: field.title }];
      }
      const inner = field.fields?.find(({ widget }) => widget === "flow");
      if (!inner || field.type !== "array") return [];
      return value.map((item, i) => ({
        path: [field.name, i, inner.name],
        flow: item[inner.name] ?? [],
        title: item.title ?? "",
        when: field.widget === "cases" ? item.when ?? "" : undefined,
      }));
    });
  }

  /** Every block with its place, in reading order. */
  *walk(flow, list = []) {
    for (const [index, block] of flow.entries()) {
      yield { block, list, index };
      for (const lane of this.lanes(block)) yield* this.walk(lane.flow, [...list, index, ...lane.path]);
    }
  }

  find(flow, id) {
    return [...this.walk(flow)].find((place) => place.block.id === id);
  }

  blocks(flow) {
    return [...this.walk(flow)].map((place) => place.block);
  }

  ids(flow) {
    return this.blocks(flow).map((block) => block.id);
  }

  /** The ids of a list's blocks and of all inside of them; remembered, since no list is ever changed. */
  within(list) {
    if (!this.inner.has(list)) this.inner.set(list, new Set(this.ids(list)));
    return this.inner.get(list);
  }

  listAt(flow, list) {
    return at(flow, list) ?? [];
  }

  insert(flow, list, index, ...blocks) {
    return put(flow, list, this.listAt(flow, list).toSpliced(index, 0, ...blocks));
  }

  remove(flow, id) {
    const place = this.find(flow, id);
    return place ? put(flow, place.list, this.listAt(flow, place.list).toSpliced(place.index, 1)) : flow;
  }

  /** Whether a list lies inside the block, so that the block cannot be moved there. */
  inside(flow, id, list) {
    const place = this.find(flow, id);
    if (!place) return false;
    const own = [...place.list, place.index];
    return own.length <= list.length && own.every((key, i) => key === list[i]);
  }

  move(flow, id, list, index) {
    const place = this.find(flow, id);
    if (!place || this.inside(flow, id, list)) return flow;
    const same = place.list.join() === list.join();
    if (same && (index === place.index || index === place.index + 1)) return flow;
    // A hole keeps every other place where it is until the block has arrived.
    const hole = { type: "", id: "\0" };
    const moved = this.insert(put(flow, [...place.list, place.index], hole), list, index, place.block);
    return this.remove(moved, hole.id);
  }

  /** Of these ids those that are there, without what lies inside of others of them, in reading order. */
  tops(flow, ids) {
    const wanted = new Set(ids);
    const found = [];
    const look = (list) => {
      for (const block of list) {
        if (wanted.has(block.id)) found.push(block.id);
        else for (const lane of this.lanes(block)) look(lane.flow);
      }
    };
    look(flow);
    return found;
  }

  removeAll(flow, ids) {
    return ids.reduce((left, id) => this.remove(left, id), flow);
  }

  /** Several at once, one behind the other; the same flow when one of them would come into itself. */
  moveAll(flow, ids, list, index) {
    if (ids.length === 1) return this.move(flow, ids[0], list, index);
    const blocks = ids.map((id) => this.find(flow, id)?.block);
    if (blocks.includes(undefined) || ids.some((id) => this.inside(flow, id, list))) return flow;
    const hole = { type: "", id: "\0" };
    const left = this.removeAll(this.insert(flow, list, index, hole), ids);
    const place = this.find(left, hole.id);
    const moved = put(left, place.list, this.listAt(left, place.list).toSpliced(place.index, 1, ...blocks));
    return this.ids(moved).join() === this.ids(flow).join() && same(moved, flow) ? flow : moved;
  }

  change(flow, id, next) {
    const place = this.find(flow, id);
    return place ? put(flow, [...place.list, place.index], next) : flow;
  }

  /** A copy of blocks, nested ones too, whose ids are not among the `taken`; the copies refer to each other. */
  copyAll(blocks, taken) {
    const used = new Set(taken);
    const between = new Map();
    const own = this.ids(blocks); // none of them becomes another's
    for (const { id, type } of this.blocks(blocks)) {
      const isFree = ID.test(id) && !used.has(id) && !between.has(id);
      const fresh = isFree ? id : freshId(type, new Set([...used, ...own]));
      used.add(fresh);
      if (!between.has(id)) between.set(id, fresh);
    }
    const copies = rewrite(structuredClone(blocks), between, this.expressions);
    const seen = new Set();
    for (const { block } of this.walk(copies)) {
      const id = between.get(block.id);
      block.id = seen.has(id) ? freshId(block.type, used) : id; // two had one id
      seen.add(block.id);
      used.add(block.id);
    }
    return copies;
  }

  copy(block, taken) {
    return this.copyAll([block], taken)[0];
  }
}

/** Names of settings that are conditions, in nested ones too. */
const expressionsIn = (fields) =>
  fields.flatMap(({ name, widget, fields: inner = [] }) => widget === "expression" ? [name] : expressionsIn(inner));

const ID = /^[a-z_][a-z0-9_]{0,63}$/;

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** model, model_2, model_3 …: an underscore, because `{{ model-2.text }}` would be a subtraction. */
export function freshId(type, taken) {
  const used = taken instanceof Set ? taken : new Set(taken);
  const base = type.replaceAll("-", "_");
  let id = base;
  for (let n = 2; used.has(id); n++) id = `${base}_${n}`;
  return id;
}

/** Give a block another id and make every template and condition follow. */
export function rename(tree, flow, from, to) {
  const place = tree.find(flow, from);
  if (!place) return flow;
  return rewrite(put(flow, [...place.list, place.index, "id"], to), new Map([[from, to]]), tree.expressions);
}

/** Replace references to ids in every text below `value`; settings called as one of the `expressions` are code. */
function rewrite(value, names, expressions) {
  if (typeof value === "string") return follow(value, names);
  if (Array.isArray(value)) return value.map((item) => rewrite(item, names, expressions));
  if (!value || typeof value !== "object") return value;
  const changed = ([key, inner]) => {
    const isCode = expressions.has(key) && typeof inner === "string";
    return [key, isCode ? references(inner, names) : rewrite(inner, names, expressions)];
  };
  return Object.fromEntries(Object.entries(value).map(changed));
}

const follow = (text, names) => text.replaceAll(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g, (part) => references(part, names));

function references(code, names) {
  const strings = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g;
  const named = (part) => part.replaceAll(/(?<![\w.])[A-Za-z_]\w*(?![\w(])/g, (name) => names.get(name) ?? name);
  let end = 0;
  let out = "";
  for (const match of code.matchAll(strings)) {
    out += named(code.slice(end, match.index)) + match[0];
    end = match.index + match[0].length;
  }
  return out + named(code.slice(end));
}
