// What was said, as a list of exchanges: what a person wrote, and what was answered. Frames and pages of the
// history change it; nothing here asks anybody.

const MOST = 300; // exchanges that the page has; older ones are got again
const KEPT = 20; // of them on the phone, for whoever opens it without a network
const KEPT_SIZE = 200000; // characters of these

/**
 * @typedef {{key: string, id: string, number: number, input: string, files: any[], at: number, text: string,
 *   choices: {text: string, value: string}[], state: string, verdict: string, failed: string, choice?: string}} Exchange
 * `state`: "waiting" (for a line), "asked" (the server has it), "writing", "answered", "stopped", "failed"
 */

class Transcript {
  constructor(store) {
    this.store = store;
    this.all = [];
    this.more = true;
    const kept = store.get("shown", []);
    if (Array.isArray(kept)) this.all = kept.filter((one) => one && typeof one.key === "string").slice(-KEPT);
  }

  /** @returns {Exchange | undefined} */
  find(id) {
    return id ? this.all.find((one) => one.id === id) : undefined;
  }

  /** What a person said just now, or said before the app ended. */
  said({ id, input, files, choice, at, accepted }) {
    const state = accepted ? "asked" : "waiting";
    const there = this.find(id);
    if (there) return there;
    const one = {
      key: id,
      id,
      number: 0,
      input,
      files,
      choice,
      at,
      text: "",
      choices: [],
      state,
      verdict: "",
      failed: "",
    };
    this.all.push(one);
    this.all = this.all.slice(-MOST);
    return one;
  }

  /** @returns {Exchange | null} what the frame changed */
  take(frame) {
    if (frame.type === "unasked") return this.unasked(frame);
    const one = this.find(frame.id);
    if (!one || !CHANGES[frame.type]) return null;
    Object.assign(one, CHANGES[frame.type](one, frame));
    return one;
  }

  unasked({ number, reply, choices, at }) {
    const key = `n${number}`;
    if (this.all.some((one) => one.number === number)) return null;
    const one = {
      key,
      id: "",
      number,
      input: "",
      files: [],
      at: at * 1000,
      text: reply,
      choices,
      state: "answered",
      verdict: "",
      failed: "",
    };
    this.all.push(one);
    return one;
  }

  /** A page of the history. `waiting`: ids whose answers are still to come. */
  page({ messages, more }, isNewest, waiting) {
    const found = messages.map((one) => this.growing(remembered(one, waiting), waiting));
    const keys = found.map(({ key }) => key);
    const rest = this.all.filter((one) => keys.indexOf(one.key) < 0 && !(isNewest && isOlder(one, found, waiting)));
    this.all = isNewest ? found.concat(rest) : found.concat(rest).slice(0, MOST);
    this.more = more;
    this.keep();
  }

  /** What is being written is further than the history. */
  growing(one, waiting) {
    const there = waiting.indexOf(one.id) >= 0 && this.find(one.id);
    return there ? Object.assign(there, { number: one.number }) : one;
  }

  /** The number before which the history goes on. */
  get first() {
    const one = this.all.find(({ number }) => number > 0);
    return one ? one.number : 0;
  }

  /** The newest number of the history. */
  get last() {
    return this.all.reduce((most, { number }) => Math.max(most, number), 0);
  }

  drop(id) {
    this.all = this.all.filter((one) => one.id !== id);
  }

  clear() {
    this.all = [];
    this.more = false;
    this.keep();
  }

  keep() {
    const done = this.all.filter(({ state }) => ENDS.indexOf(state) >= 0).slice(-KEPT);
    while (done.length > 1 && JSON.stringify(done).length > KEPT_SIZE) done.shift();
    this.store.put("shown", done);
  }
}

const ENDS = ["answered", "stopped", "failed"];

const CHANGES = {
  accepted: (one) => (one.state === "waiting" ? { state: "asked" } : {}),
  waits: () => ({ state: "waiting" }),
  rewritten: (_, { text }) => ({ state: "writing", text }),
  written: (one, { text }) => ({ state: "writing", text: one.text + text }),
  answered: (_, { reply, choices, stopped }) => ({ state: stopped ? "stopped" : "answered", text: reply, choices }),
  failed: (_, { message, code }) => ({ state: "failed", failed: message || code }),
};

/** Whether the newest page of the history stands for it: what only this phone knows stays. */
function isOlder(one, found, waiting) {
  if (waiting.indexOf(one.id) >= 0) return false;
  if (one.number > 0) return found.length === 0 || one.number <= found[found.length - 1].number;
  return found.length > 0 && one.at < found[0].at;
}

function remembered(one, waiting) {
  const isWaited = one.isOpen && waiting.indexOf(one.id) >= 0;
  const over = one.failed ? "failed" : one.stopped ? "stopped" : "answered";
  const state = isWaited ? "asked" : over;
  return {
    key: one.id || `n${one.number}`,
    id: one.id,
    number: one.number,
    input: one.input,
    files: one.files,
    at: one.at * 1000,
    text: one.reply,
    choices: one.choices,
    state,
    verdict: one.verdict,
    failed: one.failed,
  };
}

module.exports = { ENDS, Transcript };
