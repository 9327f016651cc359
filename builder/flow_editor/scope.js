/** What a block may refer to, what is never reached, and how a template reads to a person. Pure. */

const NAME = /^[A-Za-z_]\w*$/;

/** Output names of a block with their titles: the fixed ones and those that its own settings name. */
export function outputsOf(block, types) {
  const type = types[block.type];
  const named = Object.keys(block[type?.named_by] ?? {}).filter((name) => NAME.test(name));
  const inside = Object.entries(type?.inside ?? {}).flatMap(([output, setting]) =>
    (block[setting] ?? []).filter(({ name }) => NAME.test(name)).map((item) => [
      `${output}.${item.name}`,
      item.title || item.name,
    ])
  );
  const held = Object.entries(type?.inside ?? {}).filter(([output, setting]) =>
    type.whole?.[output] && block[setting]?.length
  );
  const whole = Object.fromEntries(held.map(([output]) => [output, type.whole[output]]));
  const failing = block.otherwise?.length ? type?.failing : {};
  const names = Object.fromEntries(named.map((name) => [name, name]));
  return { ...Object.fromEntries(inside), ...whole, ...type?.outputs, ...failing, ...names };
}

/** Whether somebody gave it, and it is no name that stands for one. */
export const isTitle = (name, title) => title !== name.split(".").at(-1);

/**
 * What a template in block `id` sees: [{name, title, kind, block?}]; results of earlier blocks come first, nearest first,
 * and last what is seldom said: what a reply said, and why a block failed that did not.
 */
export function scope(tree, flow, id, { types, always, variables }, inside = false) {
  const fixed = [
    ...variables.map(({ name, title }) => ({ name, title: title || name, kind: "variable" })),
    ...Object.entries(always).map(([name, title]) => ({ name, title, kind: "message" })),
  ];
  const seen = before(tree, flow, id, types, inside);
  const given = seen.given.flatMap((block) =>
    Object.entries(types[block.type].gives).map(([name, title]) => ({ name, title, kind: "block", block }))
  );
  const outputs = seen.found.toReversed().filter((block) => NAME.test(block.id)).flatMap((block) =>
    results(block, types, seen.failed.has(block))
  );
  const often = outputs.filter(({ seldom }) => !seldom);
  const inner = [...new Map(given.map((value) => [value.name, value])).values()]; // the innermost round hides others
  return [...inner.toReversed(), ...often, ...fixed, ...outputs.filter(({ seldom }) => seldom)];
}

/** What later blocks may use of one; first why it did not work, on the way for that. */
function results(block, types, hasFailed) {
  const { ends, inside = {}, failing = {} } = types[block.type];
  const all = Object.entries(outputsOf(block, types)).map(([key, title]) => ({
    name: `${block.id}.${key}`,
    title,
    kind: "block",
    data: Object.hasOwn(inside, key), // several values in one
    why: Object.hasOwn(failing, key),
    seldom: ends || (Object.hasOwn(failing, key) && !hasFailed),
    block,
  }));
  return hasFailed ? [...all.filter(({ why }) => why), ...all.filter(({ why }) => !why)] : all;
}

/** A block and all that is inside of it, but for what is there once a round. */
function withInner(tree, block, types) {
  if (block.disabled) return []; // it leaves nothing
  const lanes = types[block.type]?.gives ? [] : tree.lanes(block);
  return [block, ...inner(tree, lanes, types)];
}

const inner = (tree, lanes, types) => lanes.flatMap(({ flow }) => flow.flatMap((one) => withInner(tree, one, types)));

/**
 * Blocks that may have run when block `id` does: those before it in its own list and in the lists around it, and what is
 * inside of them (runtime/agents/scope.py). A way that is not taken leaves nothing.
 */
function before(tree, flow, id, types, inside) {
  const place = tree.find(flow, id);
  const failed = new Set(); // on whose other way this is
  if (!place) return { found: [], given: [], failed };
  const path = [...place.list, place.index];
  const found = [];
  const given = []; // blocks whose rounds this is in
  let list = flow;
  for (let i = 0; i < path.length;) {
    found.push(...list.slice(0, path[i]).flatMap((block) => withInner(tree, block, types)));
    const lane = tree.lanes(list[path[i]]).find(({ path: own }) => own.every((key, k) => path[i + 1 + k] === key));
    if (!lane) break;
    const [around, isOther] = [list[path[i]], lane.path[0] === "otherwise"];
    if (isOther && !types[around.type]?.chooses) found.push(around), failed.add(around);
    else if (types[around.type]?.gives) given.push(around);
    list = lane.flow;
    i += 1 + lane.path.length;
  }
  if (inside) {
    found.push(...inner(tree, tree.lanes(place.block), types));
    if (types[place.block.type]?.gives) given.push(place.block);
  }
  return { found, given, failed };
}

/** Ids of blocks that no turn can reach, because one before them ends it. */
export function unreached(tree, flow, types) {
  const lost = new Set();
  const look = (list, over) => {
    for (const [index, block] of list.entries()) {
      if (block.disabled) continue;
      if (over) lost.add(block.id);
      for (const lane of tree.lanes(block)) look(lane.flow, over);
      over ||= isOver(tree, list, index, types);
    }
  };
  look(flow, false);
  return lost;
}

/** Whether a turn that enters this list surely ends in it (`surely_ends` in runtime/blocks; one table tests both). */
export const endsIn = (tree, list, types) => list.some((_, index) => isOver(tree, list, index, types));

/** Whether no turn gets beyond the block at this place of its list (`is_over` there). */
function isOver(tree, list, index, types) {
  if (list[index].disabled) return false;
  const type = types[list[index].type];
  const ends = type?.ends && !(type.goes_on && list.slice(index + 1).some(({ disabled }) => !disabled));
  return Boolean(ends || (type?.chooses && tree.lanes(list[index]).every(({ flow }) => endsIn(tree, flow, types))));
}

/** A template cut into [{text}] and [{name}] parts; `name` only for a plain reference such as {{ docs.text }}. */
export function parts(template) {
  const out = [];
  let end = 0;
  for (const match of template.matchAll(/\{\{\s*([A-Za-z_][\w.]*)\s*\}\}/g)) {
    if (match.index > end) out.push({ text: template.slice(end, match.index) });
    out.push({ name: match[1] });
    end = match.index + match[0].length;
  }
  if (end < template.length) out.push({ text: template.slice(end) });
  return out;
}

/** Words without Markdown's signs, for where they are shown as plain words. */
export const unmarked = (text) => text.replace(/\*\*|`|^#{1,6} /gm, "");

/** Ids that some template or condition of the flow refers to. */
export function referredIn(flow) {
  const source = JSON.stringify(flow);
  return new Set([...source.matchAll(/([A-Za-z_]\w*)\.\w/g)].map((match) => match[1]));
}
