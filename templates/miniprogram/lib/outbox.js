// What was said and has no answer yet. It is kept by the phone, so that it is asked again, under the same id,
// however the app ended; the server runs it once.

const MOST = 50; // messages
const LONGEST = 20000; // characters of one, as the server takes
const OLDEST = 24 * 3600 * 1000; // milliseconds; whoever comes back after that asks anew

/**
 * @typedef {{id: string, input: string, files: {id: string, kind: string, name: string, size: number}[],
 *   at: number, accepted: boolean, tries: number, choice: string | undefined}} Entry
 */

class Outbox {
  constructor(store, clock) {
    this.store = store;
    this.entries = kept(store.get("outbox", []), clock.now());
  }

  /** @param {Entry} entry */
  add(entry) {
    this.entries = this.entries.filter(({ id }) => id !== entry.id).concat([entry]).slice(-MOST);
    this.keep();
  }

  /** @returns {Entry | undefined} */
  find(id) {
    return this.entries.find((one) => one.id === id);
  }

  change(id, values) {
    const entry = this.find(id);
    if (entry) Object.assign(entry, values), this.keep();
  }

  drop(id) {
    const left = this.entries.filter((one) => one.id !== id);
    if (left.length === this.entries.length) return;
    this.entries = left;
    this.keep();
  }

  clear() {
    this.entries = [];
    this.keep();
  }

  keep() {
    this.store.put("outbox", this.entries);
  }
}

/** What is there was written by ourselves, or by an older version of us. */
function kept(found, now) {
  if (!Array.isArray(found)) return [];
  return found.filter((one) =>
    one && typeof one.id === "string" && typeof one.input === "string" && Array.isArray(one.files) &&
    one.input.length <= LONGEST && now - one.at < OLDEST
  ).slice(-MOST).map((one) => ({
    id: one.id,
    input: one.input,
    files: one.files,
    at: one.at,
    accepted: one.accepted === true,
    tries: 0,
    choice: typeof one.choice === "string" ? one.choice : undefined,
  }));
}

module.exports = { LONGEST, Outbox };
