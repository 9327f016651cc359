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

  change(flow, id, next) {
    const place = this.find(flow, id);
    return place ? put(flow, [...place.list, place.index], next) : flow;
  }

  /** A copy of a block, nested ones too, whose ids are not among the `taken`; the copies refer to each other. */
  copy(block, taken) {
    const used = new Set(taken);
    const renamed = [...this.walk([block])].map(({ block: inner }) => {
      const id = freshId(inner.type, used);
      used.add(id);
      return /** @type {[string, string]} */ ([inner.id, id]);
    });
    const between = new Map(renamed);
    const twin = structuredClone(block);
    for (const { block: inner } of this.walk([twin])) inner.id = between.get(inner.id);
    return renamed.reduce((copied, [from, to]) => (from === to ? copied : rewrite(copied, from, to)), twin);
  }
}

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
  return place ? rewrite(put(flow, [...place.list, place.index, "id"], to), from, to) : flow;
}

/** Replace references to one id in every text below `value`; ids and titles stay. */
function rewrite(value, from, to) {
  if (typeof value === "string") return follow(value, from, to);
  if (Array.isArray(value)) return value.map((item) => rewrite(item, from, to));
  if (!value || typeof value !== "object") return value;
  const kept = new Set(["id", "type", "title"]);
  const changed = ([key, inner]) => {
    if (kept.has(key)) return [key, inner];
    return [key, key === "when" && typeof inner === "string" ? references(inner, from, to) : rewrite(inner, from, to)];
  };
  return Object.fromEntries(Object.entries(value).map(changed));
}

const follow = (text, from, to) =>
  text.replaceAll(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g, (part) => references(part, from, to));

function references(code, from, to) {
  const strings = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g;
  const name = new RegExp(`(?<![\\w.])${from}(?![\\w(])`, "g");
  let end = 0;
  let out = "";
  for (const match of code.matchAll(strings)) {
    out += code.slice(end, match.index).replaceAll(name, to) + match[0];
    end = match.index + match[0].length;
  }
  return out + code.slice(end).replaceAll(name, to);
}
