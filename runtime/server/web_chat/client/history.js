// What was said, in its order, from the server and from here, each message once.

const PAGE = 30;

/** A message: {id, number, at, input, files, reply, choices, state, failure, stopped, verdict, unasked}.
 * `at`: seconds since 1970; `state`: "queued", "sent", "accepted", "waiting" (sent again later), "elsewhere" (another
 * tab asks), "answered" or "failed". */
export class History {
  messages = [];
  more = false;
  #from = null; // the number of the oldest that was fetched

  constructor(http, changed) {
    this.http = http;
    this.changed = changed;
  }

  /** The number of the newest that came unasked, or was fetched. */
  get last() {
    return Math.max(0, ...this.messages.map(({ number }) => number ?? 0));
  }

  /** Raises Problem. */
  async newest() {
    const { messages, more } = await this.http.json(`agent/history?limit=${PAGE}`);
    if (this.#from === null) this.more = more;
    this.#mix(messages);
  }

  /** The page before. Raises Problem. */
  async earlier() {
    if (this.#from === null) return;
    const { messages, more } = await this.http.json(`agent/history?limit=${PAGE}&before=${this.#from}`);
    this.more = more && messages.length > 0;
    this.#mix(messages);
  }

  clear() {
    this.messages = [];
    this.more = false;
    this.#from = null;
    this.changed();
  }

  isOver(id) {
    const found = this.messages.find((one) => one.id === id);
    return found?.state === "answered" || found?.state === "failed";
  }

  put(message) {
    const there = this.messages.findIndex(({ id }) => id === message.id);
    const whole = { reply: "", choices: [], files: [], failure: "", verdict: "none", ...message };
    if (there < 0) this.messages = [...this.messages, whole];
    else this.#set(there, { state: message.state });
    this.changed();
  }

  take(id) {
    this.messages = this.messages.filter((one) => one.id !== id);
    this.changed();
  }

  change(id, known) {
    const there = this.messages.findIndex((one) => one.id === id);
    if (there < 0) return;
    this.#set(there, known);
    this.changed();
  }

  /** The answer goes on. */
  add(id, text) {
    const found = this.messages.find((one) => one.id === id);
    if (found) this.change(id, { reply: found.reply + text });
  }

  unasked({ id, reply = "", at, choices = [] }) {
    this.put({ id: `#${id}`, number: id, at, input: "", reply, choices, state: "answered", unasked: true });
  }

  #set(there, known) {
    this.messages = this.messages.map((one, i) => i === there ? { ...one, ...known } : one);
  }

  #mix(fetched) {
    const known = new Map(this.messages.map((one) => [one.id, one]));
    const found = fetched.map(read);
    const news = found.filter(({ id, state }) => !known.has(id) || isNews(known.get(id), state));
    const replaced = new Map(news.map((one) => [one.id, one]));
    const kept = this.messages.map((one) => replaced.get(one.id) ?? one);
    const all = [...news.filter(({ id }) => !known.has(id)), ...kept];
    this.messages = all.sort((a, b) => a.at - b.at);
    this.#from = Math.min(this.#from ?? Infinity, ...found.map(({ number }) => number));
    if (!Number.isFinite(this.#from)) this.#from = null;
    this.changed();
  }
}

/** What another tab asked, and what was cut off, is known better by the server. */
const isNews = ({ state }, now) => now !== "elsewhere" && state !== now && (now !== "silent" || state === "elsewhere");

function read({ number, id, at, input = "", files, reply, choices, failed, stopped = false, verdict, open = false }) {
  const own = id || `#${number}`;
  const state = failed ? "failed" : open ? "elsewhere" : reply || stopped ? "answered" : "silent";
  const failure = failed ? String(failed === true ? "" : failed) : "";
  const unasked = !id;
  return {
    ...{ id: own, number, at, input, state, failure, unasked, stopped },
    files: files ?? [],
    reply: reply ?? "",
    choices: choices ?? [],
    verdict: verdict ?? "none",
  };
}
