/** Undo and redo. Edits with the same key within a second, such as typing in one field, are one step. */

const TOGETHER = 1000; // ms

export function historyOf(now, limit = 200) {
  return { past: [], now, future: [], key: "", at: 0, limit };
}

export function push(history, next, key = "", at = Date.now()) {
  if (next === history.now) return history;
  const joins = key !== "" && key === history.key && at - history.at < TOGETHER;
  const past = joins ? history.past : [...history.past, history.now].slice(-history.limit);
  return { ...history, past, now: next, future: [], key, at };
}

export function undo(history) {
  if (!history.past.length) return history;
  const future = [history.now, ...history.future];
  return { ...history, past: history.past.slice(0, -1), now: history.past.at(-1), future, key: "" };
}

export function redo(history) {
  if (!history.future.length) return history;
  const [now, ...future] = history.future;
  return { ...history, past: [...history.past, history.now], now, future, key: "" };
}
