/** From block to block by arrows, and a block from place to place. */

/** Focus the next card up or down in reading order, or the nearest to the left or right on the screen. */
export function walk(editor, from, key) {
  const all = [...editor.world.querySelectorAll(".fe-main")];
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (step) return all[all.indexOf(from) + step]?.focus();
  const here = from.getBoundingClientRect();
  const side = key === "ArrowRight" ? 1 : -1;
  const distance = (node) => {
    const box = node.getBoundingClientRect();
    const across = (box.x - here.x) * side;
    return across > 10 ? across + 3 * Math.abs(box.y - here.y) : Infinity;
  };
  const next = all.reduce((best, node) => (distance(node) < distance(best) ? node : best), from);
  if (next !== from) next.focus();
}

/** Alt+↑/↓ moves within the list and out of it at its ends; Alt+←/→ to the neighbouring branch, or into one that is next. */
export function shift(editor, id, key) {
  const { tree, flow } = editor;
  const { list, index } = tree.find(flow, id);
  const last = tree.listAt(flow, list).length - 1;
  const parent = around(tree, flow, list);
  if (key === "ArrowUp" && index > 0) return editor.moveTo(id, list, index - 1);
  if (key === "ArrowDown" && index < last) return editor.moveTo(id, list, index + 2);
  const isAcross = key === "ArrowLeft" || key === "ArrowRight";
  if (!parent) return isAcross && into(editor, list, index, id);
  if (key === "ArrowUp") return editor.moveTo(id, parent.list, parent.index);
  if (key === "ArrowDown") return editor.moveTo(id, parent.list, parent.index + 1);
  const lanes = tree.lanes(parent.block);
  const own = [...parent.list, parent.index];
  const here = lanes.findIndex((lane) => [...own, ...lane.path].join() === list.join());
  const next = lanes[here + (key === "ArrowRight" ? 1 : -1)];
  if (next) return editor.moveTo(id, [...own, ...next.path], Math.min(index, next.flow.length));
  into(editor, list, index, id);
}

/** Into the first branch of the block below, or to the end of that of the block above. */
function into({ tree, flow, moveTo }, list, index, id) {
  const all = tree.listAt(flow, list);
  for (const at of [index + 1, index - 1]) {
    const [lane] = all[at] ? tree.lanes(all[at]) : [];
    if (lane) return moveTo(id, [...list, at, ...lane.path], at > index ? 0 : lane.flow.length);
  }
}

/** The place of the block whose lane this list is; undefined for the flow itself. */
function around(tree, flow, list) {
  return [...tree.walk(flow)].find(({ block, list: outer, index }) =>
    tree.lanes(block).some((lane) => [...outer, index, ...lane.path].join() === list.join())
  );
}
