// What the parts of the playground know together: which chat is shown, up to which turn, and who is asked.

import { useEffect, useState } from "preact";

const told = new Set();
/** @type {any} */
let now = {
  chat: "",
  tip: "",
  name: "",
  forks: [],
  columns: [],
  tried: null,
  runs: false,
  unsaved: "",
  rewrites: null,
  kept: false,
  compared: false,
  go: null,
};

/** `chat`, `tip`: ids; `columns`: [{version, model, name, tip}] that answer side by side, none: the agent alone;
 * `rewrites`: the number of the question that the box asks otherwise, -1: the last; `kept`: the chat is shown with
 * those that answered when it was left; `compared`: who answers was said here; `go()`: show the chat as it is kept. */
export const shared = () => now;

export function change(part) {
  now = { ...now, ...part };
  for (const tell of told) tell(now);
}

/** Be told from now on. */
export function follow(tell) {
  told.add(tell);
  return () => void told.delete(tell);
}

export function useShared() {
  const [seen, setSeen] = useState(now);
  useEffect(() => {
    setSeen(now);
    return follow(setSeen);
  }, []);
  return seen;
}

/** These answer from now on: that was said last, and no chat that is still on its way says otherwise. */
export function compare(columns) {
  change({ columns, kept: false, compared: true });
  if (now.chat) now.go?.();
}

const MOST = 4;

/** One more beside those that answer. */
export function widen() {
  const { columns, runs } = now;
  const last = columns.at(-1);
  if (last && !runs && columns.length < MOST) compare([...columns, { ...last, model: "", name: "" }]);
}

/** Show another chat, or the same up to another turn; none: a new one. */
export function open(chat = "", tip = "", { kept = Boolean(chat) && chat !== now.chat } = {}) {
  const columns = now.columns.map((one) => ({
    ...one,
    tip: tip || (chat === now.chat ? one.tip : chat ? "" : "start"),
  }));
  change({ chat, tip, columns, kept, rewrites: null });
  now.go?.();
}

export const focusBox = () => /** @type {HTMLElement} */ (document.querySelector("#ask textarea"))?.focus();
