// Two people at one agent: who else is here, and what both made of it becomes one.

import { whenBack } from "../common/connection.js";
import { at } from "../common/root.js";
import { listed } from "../common/texts.js";
import { who } from "../common/who.js";
import { keepUndo } from "./undo_kept.js";

const EVERY = 3000; // ms between two times that a page says it is here
const TOGETHER = 1000; // the same while others are: what one does comes to the other as it is done
const SOON = 400;
const AGAIN = 2000; // ms after which a save is tried again, where nobody knows what others did
const KEPT = "hy-window";
const OURS = sameWindow() || crypto.getRandomValues(new Uint32Array(2)).join("-");
addEventListener("pagehide", keepWindow);
addEventListener("pageshow", sameWindow);

/** Who reloads, or goes and comes back, is no second person: the id is kept only while no page has it. */
function keepWindow() {
  sessionStorage.setItem(KEPT, OURS);
}

function sameWindow() {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  return kept;
}

/** Say which block is looked at, hear of the others, and take in what they did. Ends with `signal`. */
export function watchOthers(work, signal) {
  let timer = setTimeout(beat, SOON);
  signal.addEventListener("abort", () => clearTimeout(timer));
  addEventListener("pagehide", () => leave(work), { signal });
  async function beat() {
    await whenBack();
    if (!document.hidden) await look(work);
    if (!signal.aborted) timer = setTimeout(beat, work.others.length ? TOGETHER : EVERY);
  }
}

/** The others need not wait until it is noticed. */
function leave({ id }) {
  const body = JSON.stringify({ action: "here", args: { id, window: OURS, leaves: true } });
  navigator.sendBeacon(at("click/build"), new Blob([body], { type: "application/json" }));
}

async function look(work) {
  const { autosave } = work;
  const known = autosave.revision;
  const answer = await work.call("here", { id: work.id, window: OURS, block: work.looked }, { quiet: true });
  if (answer.code === "NotFound") gone(work);
  if (!answer.ok) return;
  const { others, revision } = answer.value;
  if (JSON.stringify(others) !== JSON.stringify(work.others)) {
    work.others = others;
    work.editor.update({ here: byBlock(others) });
    work.draw();
  }
  const isIdle = !autosave.isDirty && !autosave.running && !autosave.stopped && !work.isEditing && !work.banner &&
    !work.json?.isBroken();
  if (isIdle && revision !== known && known === autosave.revision) await meet(work);
}

/** Somebody deleted the agent: nothing is saved until it is back. */
function gone(work) {
  if (work.banner?.kind === "deleted") return;
  work.autosave.stopped = true;
  work.told({ kind: "deleted" });
}

const NAMED = 2; // on one card

/** Who works on a block, by its id, in one line. */
function byBlock(others) {
  const found = {};
  for (const { by, block } of others) if (block) (found[block] ??= new Set()).add(who(by));
  for (const [block, names] of Object.entries(found)) {
    const more = names.size > NAMED ? ` +${names.size - NAMED}` : "";
    found[block] = listed([...names].slice(0, NAMED)) + more;
  }
  return found;
}

/** Take in what others did. What both changed otherwise is asked about, until `chosen` by its key. */
export async function meet(work, { reason = null, chosen = {} } = {}) {
  const { autosave } = work;
  for (;;) {
    work.editor.flush();
    const { changes, data: mine, base } = autosave;
    const answer = await work.call("merge", { id: work.id, base, mine, chosen }, { quiet: true });
    if (answer.offline && reason) autosave.stopped = false, autosave.later(AGAIN);
    else if (answer.code === "NotFound") gone(work);
    else if (!answer.ok && reason) work.conflict(reason);
    if (!answer.ok) return;
    work.editor.flush();
    if (autosave.changes !== changes) continue; // somebody went on meanwhile
    const { clashes, ...met } = answer.value;
    if (!clashes.length) return adopt(work, met);
    autosave.stopped = true;
    work.banner = { kind: "clash", clashes };
    return work.draw();
  }
}

/** The agent with what others did; who works on goes on where they are. */
function adopt(work, met) {
  const { autosave, editor, view } = work;
  const seen = ({ flow, starts, ...rest }) => JSON.stringify(view === "json" ? [flow, starts, rest] : rest);
  const [before, start] = [seen(autosave.data), work.starts[work.begun]?.id];
  autosave.meet(met);
  if (start) work.begun = work.starts.findIndex(({ id }) => id === start);
  editor.adopt((work.begun < 0 ? autosave.data.flow : work.starts[work.begun].flow) ?? []);
  keepUndo(work.drawn, editor.steps());
  if (view !== "flow" && before !== seen(autosave.data)) work.json = null, work.epoch += 1;
  work.markProblems();
  work.banner = null;
  work.draw();
}
