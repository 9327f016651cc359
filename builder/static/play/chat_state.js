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
  asked: 0,
  seen: 0,
  go: null,
};

/** `chat`, `tip`: ids; `columns`: [{version, model, name, tip}] that answer side by side, none: the agent alone;
 * `rewrites`: the number of the question that the box asks otherwise, -1: the last; `kept`: the chat is shown with
 * those that answered when it was left; `compared`: who answers was said here; `go()`: ask for the chat as it is kept,
 * which is so for the time numbered `asked`; `seen`: the time that was answered. */
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
  if (now.chat) restore();
}

/** Show the chat as it is kept; what comes of what was asked for before is not shown any more. */
export function restore() {
  change({ asked: now.asked + 1 });
  now.go?.();
}

/** Whether that came of what was asked for before. */
export const isOld = (told) => told?.asked !== undefined && told.asked !== now.asked;

const LONGEST = 5000; // milliseconds that a line waits for the chat that it is said in

/** Once the chat that was asked for last is there. */
export function there() {
  return /** @type {Promise<void>} */ (new Promise((done) => {
    const look = () => now.seen === now.asked && end();
    const leave = follow(look);
    const late = setTimeout(() => end(), LONGEST);
    const end = () => (clearTimeout(late), leave(), done());
    look();
  }));
}

/** What the page told when a line was sent, where the chat stands by now. */
export function placed(told) {
  const { chat, tip, columns, kept, asked } = now;
  return { ...told, chat, tip, columns, kept, asked };
}

const MOST = 4;

/** One more beside those that answer. */
export function widen() {
  const { columns, runs } = now;
  const last = columns.at(-1);
  if (last && !runs && columns.length < MOST) compare([...columns, { ...last, model: "", name: "" }]);
}

/** Show another chat, or the same up to another turn; none: a new one. */
export function open(chat = "", tip = "", { kept = Boolean(chat) && (chat !== now.chat || now.kept) } = {}) {
  const columns = now.columns.map((one) => ({
    ...one,
    tip: tip || (chat === now.chat ? one.tip : chat ? "" : "start"),
  }));
  change({ chat, tip, columns, kept, rewrites: null });
  restore();
}

export const focusBox = () => /** @type {HTMLElement} */ (document.querySelector("#ask textarea"))?.focus();
