// Undo beyond what this page remembers: the edit history that the server keeps, step by step, also after a reload.

import { moment, t } from "../common/texts.js";
import { toast } from "../common/toast.js";
import { changesIn } from "./held.js";

const MOST = 5; // that wait for each other: a key that is held down is no wish for a hundred
const STOOD = "hongyan:step:"; // by agent: which step of the history is there now

/** What the flow editor does once its own steps are over. */
export const beyond = (work) => ({
  beyond: (way) => void step(work, way),
  ahead: Boolean(sessionStorage.getItem(STOOD + work.id)), // there are steps that were taken back
});

/** Somebody went on from here. */
export function forgetStep(work) {
  if (!sessionStorage.getItem(STOOD + work.id)) return;
  sessionStorage.removeItem(STOOD + work.id);
  work.editor.update({ ahead: false });
}

/** One step back or on, behind those that were asked for before; in words what it changed. */
async function step(work, way) {
  const waiting = work.stepping;
  if (waiting.length >= MOST) return;
  const mine = Promise.allSettled(waiting).then(() => taken(work, way));
  work.stepping = [...waiting, mine];
  try {
    await mine;
  } finally {
    work.stepping = work.stepping.filter((one) => one !== mine);
  }
}

async function taken(work, way) {
  const { autosave } = work;
  work.editor.flush();
  if (work.banner || work.json?.isBroken() || work.panel.proposed) return;
  await work.saveNow();
  if (autosave.isDirty) return;
  const key = sessionStorage.getItem(STOOD + work.id) ?? "";
  const answer = await work.call("step", { id: work.id, data: autosave.data, way, key });
  if (!answer.ok || !answer.value) return toast(t(answer.ok ? `steps.none.${way}` : "error.unknown"));
  sessionStorage.setItem(STOOD + work.id, answer.value.key);
  await take(work, way, answer.value);
}

async function take(work, way, found) {
  const at = document.activeElement;
  const what = changesIn(work, found.held).join(" · ");
  await work.become(found.data);
  toast(t(`steps.${way}`, { when: moment(found.at), what }));
  if (work.view === "flow" && !(at instanceof HTMLElement && at.isConnected && at !== document.body)) {
    work.editor.focus();
  }
  await work.autosave.save("save", { stepped: true });
}

/** The keys do it wherever nobody types; at once after a reload, when nothing has the focus yet. */
export function watchKeys(work, signal) {
  document.addEventListener("keydown", (event) => {
    const way = (event.ctrlKey || event.metaKey) && !event.altKey && wayOf(event);
    const typed = /** @type {HTMLElement} */ (event.target).closest?.(
      "input, textarea, select, [contenteditable], dialog",
    );
    if (!way || typed || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    if (work.view === "flow") work.editor.travel(way);
    else step(work, way);
  }, { signal });
}

function wayOf({ key, shiftKey }) {
  if (key.toLowerCase() === "y") return "redo";
  return key.toLowerCase() === "z" && (shiftKey ? "redo" : "undo");
}
