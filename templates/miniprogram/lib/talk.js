// Brings what is in the outbox to the server and tells what comes of it: by a socket, or where none can be
// had by a request each.

const { Asking } = require("./asking.js");
const { wait } = require("./backoff.js");
const { passes } = require("./faults.js");
const { Line } = require("./line.js");

const ON_LINE = 16; // messages at a time that a socket takes
const DOORS = 2; // sockets that did not open, after which requests are made
const MOST_TRIES = 8; // of one message, each of which the server refused for now

class Talk {
  /**
   * @param {{wx: WechatMiniprogram.Wx, session: any, calls: any, clock: any, outbox: any, store: any, server: string,
   *   tell: (event: any) => void}} given
   */
  constructor(given) {
    this.wx = given.wx;
    this.calls = given.calls;
    this.session = given.session;
    this.clock = given.clock;
    this.outbox = given.outbox;
    this.store = given.store;
    this.tell = given.tell;
    this.asked = {}; // by id: an Asking, or true for what a socket was given
    this.later = {}; // by id: what takes back that it begins again
    this.cuts = {}; // by id: how often its request was cut
    this.isHere = false;
    this.byRequests = false;
    this.line = new Line({
      wx: given.wx,
      session: given.session,
      clock: given.clock,
      server: given.server,
      opened: () => this.opened(),
      said: (frame) => this.said(frame),
      down: (error, tries) => this.down(error, tries),
    });
  }

  /** Somebody looks: all that waits begins now. */
  here() {
    this.isHere = true;
    this.byRequests = false;
    this.lineTold = "";
    this.line.want();
    this.go();
  }

  /** The phone takes the network away in some seconds. Nothing is lost: all of it is asked for again. */
  away() {
    this.isHere = false;
    this.line.leave();
    this.forgetAsked();
    Object.keys(this.later).forEach((id) => this.unplan(id));
  }

  /** Begins what waits and may begin. */
  go() {
    if (!this.isHere) return;
    for (const entry of this.outbox.entries) {
      if (Object.keys(this.asked).length >= ON_LINE) return;
      if (!this.asked[entry.id] && !this.later[entry.id]) this.begin(entry);
      if (this.byRequests) return; // one request after the other keeps the order; on a socket it is kept anyway
    }
  }

  begin(entry) {
    if (this.byRequests) return this.ask(entry);
    const files = entry.files.length > 0 ? { files: entry.files.map((one) => one.id) } : {};
    const frame = Object.assign({ type: "send", id: entry.id, input: entry.input, choice: entry.choice }, files);
    if (this.line.send(frame)) this.asked[entry.id] = true;
  }

  ask(entry) {
    const asking = new Asking({ wx: this.wx, calls: this.calls, entry, said: (frame) => this.said(frame) });
    this.asked[entry.id] = asking;
    asking.run().then(() => this.tellLine("open"), (error) => {
      if (this.asked[entry.id] !== asking) return;
      delete this.asked[entry.id];
      if (error.code !== "offline" && error.code !== "timeout") return this.wrong(entry.id, error);
      this.tellLine("offline", error);
      this.cuts[entry.id] = (this.cuts[entry.id] || 0) + 1;
      this.plan(entry.id, wait(this.cuts[entry.id], Math.random()));
    });
  }

  opened() {
    this.byRequests = false;
    Object.keys(this.cuts).forEach((id) => this.unplan(id)); // they waited for a line
    this.tellLine("open");
    this.follow();
    this.go();
  }

  down(error, tries) {
    for (const id of Object.keys(this.asked)) {
      if (this.asked[id] === true) delete this.asked[id];
    }
    if (!this.byRequests || isRefusal(error)) this.tellLine("offline", error);
    if (tries < DOORS || this.byRequests) return;
    this.byRequests = true; // the socket goes on trying beside them
    this.calls.history(0, 1).then(() => this.tellLine("open"), (wrong) => this.tellLine("offline", wrong));
    this.go();
  }

  /** `state`: "open" or "offline"; each is told once. */
  tellLine(state, error = null) {
    if (error && isRefusal(error)) return this.tell({ type: "refused", error });
    const now = state + (error ? error.code : "");
    if (now === this.lineTold) return;
    this.lineTold = now;
    this.tell({ type: "line", state, error });
  }

  said(frame) {
    const { type, id } = frame;
    if (type === "unasked") return this.unasked(frame);
    if (type === "failed" && !id) return; // of the connection itself: it closes, or we sent what is none
    const entry = this.outbox.find(id);
    if (!entry) return;
    if (type === "accepted") this.outbox.change(id, { accepted: true });
    if (type === "failed") return this.over(id), this.wrong(id, frame);
    if (type === "answered") this.over(id), this.outbox.drop(id);
    this.tell(frame);
    if (type === "answered") this.go();
  }

  /** What comes unasked from now on, or came since it was heard of last. */
  follow() {
    const after = this.store.get("after", -1);
    if (after >= 0) this.line.send({ type: "follow", after });
  }

  unasked(frame) {
    const after = Math.max(this.store.get("after", 0), frame.number);
    this.store.put("after", after);
    this.tell(frame);
  }

  /** A refusal: for now, or for good. */
  wrong(id, error) {
    const entry = this.outbox.find(id);
    if (!entry) return;
    if (passes(error) && entry.tries + 1 < MOST_TRIES) {
      const tries = entry.tries + 1;
      this.outbox.change(id, { tries });
      this.tell({ type: "waits", id });
      return this.plan(id, Math.max((error.again || 0) * 1000, wait(tries, Math.random())));
    }
    this.outbox.drop(id);
    this.tell({ type: "failed", id, code: error.code, message: error.message });
    this.go();
  }

  plan(id, milliseconds) {
    this.unplan(id);
    this.later[id] = this.clock.after(milliseconds, () => {
      delete this.later[id];
      this.go();
    });
  }

  unplan(id) {
    if (this.later[id]) this.later[id]();
    delete this.later[id];
  }

  over(id) {
    delete this.asked[id];
    delete this.cuts[id];
    this.unplan(id);
  }

  /** What was given to a line or to requests is given again by whoever comes next. */
  forgetAsked() {
    for (const id of Object.keys(this.asked)) {
      const one = this.asked[id];
      delete this.asked[id];
      if (one.abort) one.abort();
    }
  }

  /** Ends the answer that is being written; what was written of it stands. */
  stop(id) {
    if (!this.byRequests && this.line.send({ type: "stop", id })) return;
    this.calls.stop(id).catch(() => null);
  }
}

/** Whether the server does not want to talk, whoever asks again. */
const isRefusal = ({ status }) => status >= 400 && status < 500 && status !== 401 && status !== 429;

module.exports = { Talk, isRefusal };
