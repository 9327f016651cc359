/** A finished turn as it is drawn on the flow: for each block that ran how long, how often and what it gave. Pure. */

/** `events`: the engine's as JSON. Blocks of agents inside of this one are not its own: they are left out. */
export function painted(tree, flow, types, events) {
  const own = new Map(tree.blocks(flow).map((block) => [block.id, block]));
  const isRound = (part) => types[own.get(part.replace(/\.\d+$/, ""))?.type]?.gives;
  const isOwn = ({ block, within = "" }) => own.has(block) && (!within || within.split("/").every(isRound));
  const ran = {};
  const calls = {};
  for (const event of events) {
    if (event.type === "tool_returned" && calls[event.call]) Object.assign(calls[event.call], returned(event));
    if (!event.block || !isOwn(event)) continue;
    const one = ran[event.block] ??= { status: "running", ms: 0, runs: 0, tools: [], models: [] };
    if (event.type === "block_started") one.runs += 1;
    else if (event.type === "block_finished") ended(one, event);
    else if (event.type === "failed") Object.assign(one, { status: "failed", why: event.reason });
    else if (event.wait) one.status = "waiting";
    else if (event.type === "model_used") one.models.push(event.model);
    else if (event.type === "tool_called") {
      one.tools.push(calls[event.call] = { name: event.name, given: event.arguments });
    }
  }
  stopped(tree, flow, ran);
  return ran;
}

const returned = ({ result, failed, ms }) => ({ result, failed, ms });

/** Of several rounds the last one's values, and all their time. */
function ended(one, { ms, output }) {
  const failed = output?.failed === true || output?.failed === "True";
  Object.assign(one, { status: failed ? "failed" : "done", ms: one.ms + (ms ?? 0), output });
}

/** What still runs when all is over holds the block at which it ended, failed or waiting as that is. */
function stopped(tree, flow, ran) {
  for (const block of tree.blocks(flow).toReversed()) {
    if (ran[block.id]?.status !== "running") continue;
    const inner = tree.lanes(block).flatMap((lane) => tree.ids(lane.flow)).map((id) => ran[id]?.status);
    ran[block.id].status = ["failed", "waiting"].find((state) => inner.includes(state)) ?? "done";
  }
}

/** What each block that ran gave, for those that refer to it: {id: {name: value}}. */
export const valuesOf = (ran) =>
  Object.fromEntries(Object.entries(ran).filter(([, { output }]) => output).map(([id, { output }]) => [id, output]));

/** A value as a person reads it. */
export const readable = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 1) ?? "");
