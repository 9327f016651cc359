// The agent, as the pages talk with it.
//
//   const client = new AgentClient({ wx, config, language });
//   client.on((event) => …);   // {type: "changed", one} | {type: "all"} | {type: "about"} | {type: "line", state}
//                              // | {type: "refused", error}
//   client.here(); client.send("你好"); client.away();
//
// What is sent is kept by the phone until it is answered. A cut, a restart or two taps change nothing in that
// each message is answered once.

const clock = require("./clock.js");
const { wait } = require("./backoff.js");
const { Calls } = require("./calls.js");
const { fresh } = require("./ids.js");
const { LONGEST, Outbox } = require("./outbox.js");
const { Session } = require("./session.js");
const { Store } = require("./store.js");
const { Talk, isRefusal } = require("./talk.js");
const { Transcript } = require("./transcript.js");

const MOST_FILES = 9; // with one message
const JOINS = 10 * 60; // seconds in which an answer that nobody waits for any more may still come

class AgentClient {
  /**
   * @param {{wx: WechatMiniprogram.Wx, config: {server: string, publication: string}, language?: string, clock?: any}} given
   */
  constructor({ wx, config, language = "zh-CN", clock: hands = clock }) {
    this.wx = wx;
    this.clock = hands;
    this.publication = config.publication;
    this.listeners = [];
    const server = config.server.replace(/\/+$/, "");
    this.store = new Store(wx, config.publication);
    this.session = new Session({ wx, store: this.store, clock: hands, server, publication: config.publication });
    this.calls = new Calls({ wx, session: this.session, server, language });
    this.outbox = new Outbox(this.store, hands);
    this.transcript = new Transcript(this.store);
    for (const entry of this.outbox.entries) this.transcript.said(entry);
    const { store, outbox, session, calls } = this;
    this.talk = new Talk({ wx, session, calls, clock: hands, outbox, store, server, tell: (told) => this.told(told) });
    this.isHere = false;
    this.unlearn = () => {};
  }

  on(listener) {
    this.listeners.push(listener);
    return () => this.listeners = this.listeners.filter((one) => one !== listener);
  }

  tell(event) {
    for (const listener of this.listeners) listener(event);
  }

  told(frame) {
    if (frame.type === "line" || frame.type === "refused") return this.tell(frame);
    const one = this.transcript.take(frame);
    if (!one) return;
    if (frame.type === "answered" || frame.type === "failed" || frame.type === "unasked") this.transcript.keep();
    this.tell({ type: "changed", one });
  }

  /** What the agent says of itself, as it was last told; null before. */
  get about() {
    return this.store.get("about", null);
  }

  /** Whether something is to be agreed to before anybody signs in. */
  get asksConsent() {
    const { about } = this;
    return Boolean(about && about.consent && this.store.get("agreed", "") !== about.consent);
  }

  agree() {
    this.store.put("agreed", this.about.consent);
    this.begin();
  }

  /** Somebody looks. */
  here() {
    this.isHere = true;
    this.learn(1);
    this.begin();
  }

  away() {
    this.isHere = false;
    this.unlearn();
    this.talk.away();
  }

  /** The network came back, or changed. */
  reached() {
    if (this.isHere) this.here();
  }

  /** Nobody is signed in before it is known what is to be agreed to. */
  begin() {
    if (!this.isHere || !this.about || this.asksConsent) return;
    this.talk.here();
    this.history().catch(() => null); // what is on the phone is shown until then
  }

  async learn(tries) {
    this.unlearn();
    const isFirst = !this.about;
    try {
      this.store.put("about", await this.calls.about(this.publication));
    } catch (error) {
      this.tell(isRefusal(error) ? { type: "refused", error } : { type: "line", state: "offline", error });
      if (isFirst) this.unlearn = this.clock.after(wait(tries, Math.random()), () => this.learn(tries + 1));
      return;
    }
    this.tell({ type: "about" });
    if (isFirst) this.begin();
  }

  /**
   * @param {string} text
   * @param {any[]} [files] that were uploaded
   * @param {string} [choice] what was read on what was chosen, where nothing was typed
   * @returns {string} the message's id; "" where there is nothing to send
   */
  send(text, files = [], choice = undefined) {
    const input = text.trim().slice(0, LONGEST);
    if (!input && files.length === 0) return "";
    const entry = {
      id: fresh(),
      input,
      files: files.slice(0, MOST_FILES),
      at: this.clock.now(),
      accepted: false,
      tries: 0,
      choice,
    };
    this.outbox.add(entry);
    const one = this.transcript.said(entry);
    this.tell({ type: "changed", one });
    this.talk.go();
    return entry.id;
  }

  /** Says once more what failed, as a message of its own. */
  again(id) {
    const one = this.transcript.find(id);
    if (!one || one.state !== "failed") return "";
    this.transcript.drop(id);
    this.tell({ type: "all" });
    return this.send(one.input, one.files, one.choice);
  }

  stop(id) {
    if (!this.outbox.find(id)) return;
    const one = this.transcript.find(id);
    if (!one || one.state !== "waiting") return this.talk.stop(id);
    this.talk.over(id); // nobody has it yet
    this.outbox.drop(id);
    this.told({ type: "answered", id, reply: "", choices: [], stopped: true });
  }

  /** The newest page of the history, or the one before what is shown. */
  async history(isNewest = true) {
    const page = await this.calls.history(isNewest ? 0 : this.transcript.first);
    if (isNewest) this.join(page.messages);
    this.transcript.page(page, isNewest, this.outbox.entries.map(({ id }) => id));
    if (isNewest && this.store.get("after", -1) < 0) {
      this.store.put("after", this.transcript.last);
      this.talk.follow();
    }
    this.tell({ type: "all" });
  }

  /** An answer that came meanwhile is not asked for again; one that this phone forgot to wait for is. */
  join(messages) {
    const now = this.clock.now();
    for (const { id, input, files, at, isOpen } of messages) {
      if (!id) continue;
      if (!isOpen) this.talk.over(id), this.outbox.drop(id);
      else if (now / 1000 - at < JOINS && !this.outbox.find(id) && (input || files.length > 0)) {
        this.outbox.add({ id, input, files, at: at * 1000, accepted: true, tries: 0, choice: undefined });
      }
    }
    this.talk.go();
  }

  /** @param {"good" | "bad" | "none"} verdict */
  async feedback(id, verdict, reason = "") {
    await this.calls.feedback(id, verdict, reason);
    const one = this.transcript.find(id);
    if (!one) return;
    one.verdict = verdict === "none" ? "" : verdict;
    this.transcript.keep();
    this.tell({ type: "changed", one });
  }

  upload(name, bytes) {
    return this.calls.upload(name, bytes);
  }

  download(id) {
    return this.calls.download(id);
  }

  /** Ends the session, and takes from this phone what was kept of it. */
  async leave() {
    this.talk.away();
    this.outbox.clear();
    this.transcript.clear();
    ["after", "agreed"].forEach((name) => this.store.drop(name));
    await this.session.end();
    this.tell({ type: "all" });
  }
}

module.exports = { AgentClient, MOST_FILES };
