/** A finished turn as it is drawn on the flow: for each block that ran how long, how often and what it gave. Pure. */

import { isDrawn, placeOf, roundsIn, steps } from "./rounds.js";

/**
 * `events`: the engine's as JSON. Blocks of agents inside of this one are not its own: they are left out. Of rounds one
 * is drawn at a time, see `roundsIn`; what a block did in the others is its `each`, and a block that goes round has its
 * `rounds`: {place, at, of: [{n, ms, status}]}.
 */
export function painted(tree, flow, types, events, chosen = {}) {
  const own = new Map(tree.blocks(flow).map((block) => [block.id, block]));
  const isRound = (part) => types[own.get(part.replace(/\.\d+$/, ""))?.type]?.gives;
  const isOwn = ({ block, within = "" }) => own.has(block) && (!within || within.split("/").every(isRound));
  const mine = events.filter(isOwn);
  const rounds = roundsIn(mine, chosen);
  const told = tallied(mine.filter(({ within }) => isDrawn(rounds, within, { beside: true })));
  const ran = Object.create(null); // an id may be "constructor"
  for (const [id, { place, records }] of told) {
    const at = rounds.get(place)?.at ?? 0;
    const each = [...records].map(([n, { ms, status }]) => ({ n, ms, status }));
    const runs = [...records.values()].reduce((sum, one) => sum + one.runs, 0);
    if (records.has(at)) ran[id] = { ...records.get(at), runs, each: place ? each : [], place, at };
  }
  for (const [place, { at, of }] of rounds) {
    const id = place.split("/").at(-1);
    if (ran[id] && isDrawn(rounds, `${place}.${at}`)) gone(tree, own.get(id), told, ran, { place, at, of });
  }
  stopped(tree, flow, ran);
  return ran;
}

const fresh = () => ({ status: "running", ms: 0, runs: 0, tools: [], models: [] });

/** By block: {place, records: by round, 0 outside of all}. */
function tallied(events) {
  const told = new Map();
  const calls = new Map();
  for (const event of events) {
    const place = placeOf(event.within);
    const n = steps(event.within).at(-1)?.[1] ?? 0;
    const { records } = told.get(event.block) ?? told.set(event.block, { place, records: new Map() }).get(event.block);
    if (!records.has(n)) records.set(n, fresh());
    took(records.get(n), event, calls);
  }
  return told;
}

function took(one, event, calls) {
  const call = `${event.within ?? ""} ${event.call}`;
  if (event.type === "block_started") one.runs += 1;
  else if (event.type === "block_finished") ended(one, event);
  else if (event.type === "failed") Object.assign(one, { status: "failed", why: event.reason });
  else if (event.wait) one.status = "waiting";
  else if (event.type === "model_used") one.models.push(event.model);
  else if (event.type === "tool_called") {
    const tool = { name: event.name, given: event.arguments };
    calls.set(call, tool);
    one.tools.push(tool);
  } else if (event.type === "tool_returned" && calls.has(call)) Object.assign(calls.get(call), returned(event));
}

const returned = ({ result, failed, ms }) => ({ result, failed, ms });

/** What ran again in the same round has the last one's values, and all its time. */
function ended(one, { ms, output }) {
  const failed = output?.failed === true || output?.failed === "True";
  Object.assign(one, { status: failed ? "failed" : "done", ms: one.ms + (ms ?? 0), output });
}

/** The rounds of a block as it tells them; one that failed and was passed over has a block that never finished. */
function gone(tree, block, told, ran, { place, at, of }) {
  const first = tree.lanes(block)[0]?.flow ?? [];
  const inner = tree.ids(first).filter((id) => told.get(id)?.place === place);
  const isOver = ran[block.id].output !== undefined;
  const errors = [...(ran[block.id].output?.errors ?? [])];
  const seen = of.map((n) => {
    const records = inner.map((id) => [id, told.get(id).records.get(n)]).filter(([, one]) => one);
    const broken = records.filter(([, one]) => one.status === "running" && (isOver || n < of.at(-1)));
    const why = broken.length ? errors.shift() : undefined;
    for (const [id] of broken) {
      const here = ran[id]?.each.find((one) => one.n === n);
      if (here) here.status = "failed";
      if (n === at && ran[id]) Object.assign(ran[id], { status: "failed", why });
    }
    const ms = first.reduce((sum, { id }) => sum + (told.get(id)?.records.get(n)?.ms ?? 0), 0);
    const states = records.map(([, one]) => one.status);
    const last = ["failed", "waiting", "running"].find((state) => states.includes(state));
    return { n, ms, status: broken.length ? "failed" : last === "running" ? "done" : last ?? "done" };
  });
  ran[block.id].rounds = { place, at, of: seen };
}

/** What still runs when all is over holds the block at which it ended, or is held by it: failed or waiting as that is. */
function stopped(tree, flow, ran) {
  for (const block of tree.blocks(flow)) {
    const { status } = ran[block.id] ?? {};
    if (status !== "failed" && status !== "waiting") continue;
    for (const id of tree.lanes(block).flatMap((lane) => tree.ids(lane.flow))) {
      if (ran[id]?.status === "running") ran[id].status = status;
    }
  }
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
