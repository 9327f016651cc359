// What is not saved yet, kept in this browser: it outlives a reload, a crash and a lost login.

const PREFIX = "hongyan:unsaved:";
const PAUSE = 250; // ms: a large agent is not written at each key
const OURS = crypto.getRandomValues(new Uint32Array(2)).join("-"); // two windows do not write over each other

let waiting = null; // {agent, work, timer}

const keyOf = (agent) => `${PREFIX}${agent}:${OURS}`;

/** Keep `work` ({data, revision, unsure}) for that agent soon; `failed()` when the browser has no room for it. */
export function keep(agent, work, failed) {
  clearTimeout(waiting?.timer);
  waiting = { agent, work, failed, timer: setTimeout(flush, PAUSE) };
}

/** It is saved now. */
export function forget(agent) {
  clearTimeout(waiting?.timer);
  waiting = null;
  remove(keyOf(agent));
}

export function flush() {
  if (!waiting) return;
  const { agent, work, failed, timer } = waiting;
  clearTimeout(timer);
  waiting = null;
  try {
    localStorage.setItem(keyOf(agent), JSON.stringify({ ...work, at: Date.now() / 1000 }));
  } catch {
    failed?.(); // the browser's store is full, or switched off
  }
}

/** What other windows left for that agent, or this one before it was loaded anew: [{key, data, revision, unsure, at}]. */
export function left(agent) {
  const found = [];
  for (const key of keysOf(agent)) {
    try {
      found.push({ ...JSON.parse(localStorage.getItem(key)), key });
    } catch {
      remove(key); // torn by whatever stopped the browser
    }
  }
  return found.filter(({ data }) => data && typeof data === "object").sort((a, b) => b.at - a.at);
}

export function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // no store, so nothing is in it
  }
}

/** As `left` told it, under its key. */
export function putBack(key, held) {
  try {
    localStorage.setItem(key, JSON.stringify(held));
  } catch {
    // no room for it any more
  }
}

function keysOf(agent) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${agent}:`) && key !== keyOf(agent));
  } catch {
    return [];
  }
}

addEventListener("pagehide", flush);
document.addEventListener("visibilitychange", () => document.hidden && flush());
