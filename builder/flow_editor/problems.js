/** Problems that the server found, by block. Pure. */

/** "flow.1.cases.0.flow.2.prompt.text" → {id, field: "prompt.text"} of the innermost block; id "" when outside all. */
export function locate(tree, flow, field) {
  const path = field.split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  if (path[0] === "flow") path.shift();
  let found = { id: "", field };
  let list = flow;
  let rest = path;
  while (typeof rest[0] === "number" && list[rest[0]]) {
    const block = list[rest[0]];
    rest = rest.slice(1);
    found = { id: block.id, field: rest.join(".") };
    const here = rest;
    const lane = tree.lanes(block).find((inner) => inner.path.every((key, i) => here[i] === key));
    if (!lane) break;
    list = lane.flow;
    rest = rest.slice(lane.path.length);
  }
  return found;
}

/** Problems [{field, text, level?}] with the block and its field they belong to. */
export function located(tree, flow, problems) {
  return problems.map((problem) => ({
    level: "error",
    ...problem,
    ...locate(tree, flow, problem.field ?? ""),
  }));
}
