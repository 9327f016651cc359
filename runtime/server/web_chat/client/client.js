// A conversation with one agent: what was said, what is being said, and that nothing is lost or said twice.
//
// Each message has an id of its own. Until it has an answer it lies in the outbox, and is sent under this id as often
// as the line comes back; the server takes it once and gives every sender of it the same answer.

import { History } from "./history.js";
import { Http } from "./http.js";
import { Outbox } from "./outbox.js";
import { Problem } from "./problem.js";
import { Session } from "./session.js";
import { SocketWire } from "./socket_wire.js";
import { StreamWire } from "./stream_wire.js";

const SOON = 5_000; // ms between two looks for an answer that another device waits for…
const LOOK = 20_000; // …and for what comes unasked, where it is not brought
const TRIES = 5; // of one message that the server put off

export class Client {
  about = null;
  trouble = null; // a Problem, while it lasts
  #listeners = new Set();
  #tries = new Map();
  #looking = null;
  #unwatch = [];
  #told = false;

  /** `base`: address of the server, with a slash at its end; `lang`: in which its own sentences are. */
  constructor(world, base, publication, visitor = "", lang = "") {
    this.world = world;
    this.lang = lang;
    this.base = base;
    this.publication = publication;
    this.session = new Session(world, base, publication, visitor);
    this.http = new Http(world, base, this.session);
    this.outbox = new Outbox(world, publication);
    this.history = new History(this.http, () => this.#tell());
    this.streaming = new StreamWire(world, this.http, this.#hears());
    /** @type {SocketWire | StreamWire} */
    this.wire = new SocketWire(world, base, this.session, { ...this.#hears(), hopeless: () => this.#fallBack() });
  }

  get messages() {
    return this.history.messages;
  }

  /** The message that is being answered, if any. */
  get running() {
    return this.messages.find(({ state }) => state === "sent" || state === "accepted") ?? null;
  }

  /** What went wrong, until something goes well. */
  tell(problem) {
    this.trouble = problem;
    this.#tell();
  }

  /** When somebody last wrote here, seconds since 1970. */
  get last() {
    return Number(this.world.keep.get(this.#lastName) ?? 0);
  }

  get #lastName() {
    return `hongyan.${this.publication}.last`;
  }

  watch(work) {
    this.#listeners.add(work);
    return () => this.#listeners.delete(work);
  }

  /** What a visitor sees before anything is known of them. Raises Problem. */
  async introduce() {
    const about = `agent/about?publication=${encodeURIComponent(this.publication)}&lang=${this.lang}`;
    this.about ??= await this.http.json(about, { open: true }).catch((problem) => {
      throw problem.code === "origin" ? this.#strange(problem) : problem;
    });
    this.#tell();
  }

  /** What the site's developer has to mend says nothing to a visitor. */
  #strange({ status, code, message }) {
    this.world.warn(`Hongyan: ${message}`);
    return new Problem(status, code);
  }

  /** Somebody looks: what was said before is fetched, and what lay in the outbox is sent. Raises Problem. */
  async begin() {
    if (this.#unwatch.length) return;
    this.#unwatch = [
      this.outbox.watch(() => this.#another()),
      this.world.on("online", () => this.wire.wake()),
      this.world.on("visibilitychange", () => !this.world.hidden() && this.wire.wake()),
    ];
    await this.introduce();
    if (!this.session.known) return;
    await this.history.newest().catch((problem) => this.tell(problem)); // what is to be sent goes all the same
    for (const one of this.outbox.all()) {
      if (this.history.isOver(one.id)) this.outbox.drop(one.id);
      else this.history.put({ ...one, state: "queued" });
    }
    this.#go();
    this.#look();
  }

  /** Nobody looks any more: what is being answered stays in the outbox. */
  rest() {
    this.#unwatch.forEach((stop) => stop());
    this.#unwatch = [];
    this.world.never(this.#looking);
    this.#looking = null;
    this.wire.rest();
    this.streaming.rest();
  }

  /** `files`: as upload() gave them; `choice`: what was read on what was chosen, where nothing was typed. */
  send(input, files = [], choice = undefined) {
    const message = { id: this.world.name(), input, files, choice, at: this.world.now() / 1000 };
    this.outbox.put(message);
    this.world.keep.put(this.#lastName, String(Math.round(message.at)));
    this.history.put({ ...message, state: "queued" });
    this.#go();
    return message.id;
  }

  /** What failed, as a new message in its place. */
  again({ id, input, files, choice }) {
    this.history.take(id);
    return this.send(input, files, choice);
  }

  stop(id) {
    this.history.change(id, { stopping: true });
    this.wire.say({ type: "stop", id });
  }

  /** `verdict`: "good", "bad" or "none". Raises Problem. */
  async judge(id, verdict, reason = "") {
    await this.http.call("agent/feedback", { say: { id, verdict, reason } });
    this.history.change(id, { verdict });
  }

  /** {id, kind, name, size} of a file that a message may name then. Raises Problem. */
  async upload(blob, name) {
    const path = `agent/files?name=${encodeURIComponent(name)}`;
    return await this.http.json(path, { body: blob, headers: { "content-type": "application/octet-stream" } });
  }

  /** The bytes of a file of this visitor's. Raises Problem. */
  async file(id) {
    return await (await this.http.call(`agent/files/${encodeURIComponent(id)}`)).blob();
  }

  /** Nothing is known here of this visitor any more, and the next message is another's. */
  async end() {
    this.rest();
    this.outbox.clear();
    this.world.keep.drop(this.#lastName);
    this.history.clear();
    await this.session.end();
  }

  #go() {
    this.wire.need();
    if (this.wire.open) this.#deliver();
    this.#tell();
  }

  /** All that has no answer, on the line that is there. */
  #deliver() {
    for (const { id, input, files, choice, state } of this.messages) {
      if (state !== "queued") continue;
      const named = files.length ? { files: files.map((one) => one.id) } : {};
      if (this.wire.say({ type: "send", id, input, ...named, choice })) this.history.change(id, { state: "sent" });
    }
  }

  #hears() {
    return {
      opened: () => {
        this.trouble = null;
        if (this.wire !== this.streaming) this.wire.say({ type: "follow", after: this.history.last });
        this.#deliver();
        this.#tell();
      },
      cut: () => {
        this.#requeue();
        this.#tell();
      },
      trouble: (problem) => this.tell(problem),
      frame: (frame) => this.#take(frame),
    };
  }

  #requeue() {
    for (const { id, state } of this.messages) {
      if (state === "sent" || state === "accepted") this.history.change(id, { state: "queued" });
    }
  }

  /** Something on the way lets no WebSocket through, though our server is there: whether we go on without. */
  async #fallBack() {
    const isThere = await this.http.call("agent/about?publication=" + this.publication, { open: true })
      .then(() => true, (problem) => (this.tell(problem), false));
    if (!isThere || this.wire === this.streaming) return isThere;
    this.wire.rest();
    this.wire = this.streaming;
    this.#requeue();
    this.#deliver();
    this.#look();
    return true;
  }

  /** Look again later for what nobody brings: answers to what another device asked, and what comes unasked. */
  #look() {
    const soon = this.messages.some(({ state }) => state === "elsewhere");
    if (this.#looking || !(soon || this.wire === this.streaming)) return;
    this.#looking = this.world.later(async () => {
      this.#looking = null;
      await this.history.newest().catch(() => null);
      this.#look();
    }, soon ? SOON : LOOK);
  }

  #take(frame) {
    const { type, id } = frame;
    if (type === "delayed") this.history.change(id, { state: "queued" });
    if (type === "accepted") this.history.change(id, { state: "accepted" });
    if (type === "rewritten") this.history.change(id, { reply: String(frame.text) });
    if (type === "written") this.history.add(id, String(frame.text));
    if (type === "answered") this.#over(id, answer(frame));
    if (type === "failed") this.#failed(frame);
    if (type === "unasked") this.history.unasked(frame);
  }

  #over(id, known) {
    this.outbox.drop(id);
    this.#tries.delete(id);
    this.history.change(id, known);
  }

  #failed({ id = "", code = "", message = "", again = null }) {
    const tries = (this.#tries.get(id) ?? 0) + 1;
    if (!id) return; // of the line itself, which ends
    if (again === null || tries > TRIES) return this.#over(id, { state: "failed", code, failure: message });
    this.#tries.set(id, tries);
    this.history.change(id, { state: "waiting", failure: message });
    this.world.later(() => {
      this.history.change(id, { state: "queued", failure: "" });
      this.#deliver();
    }, again * 1000);
  }

  /** Another tab sent something, or got an answer. */
  #another() {
    const out = this.outbox.all();
    const here = new Set(this.messages.map(({ id }) => id));
    for (const one of out) {
      if (!here.has(one.id)) this.history.put({ ...one, state: "elsewhere" });
    }
    const left = new Set(out.map(({ id }) => id));
    const isOver = this.messages.some(({ id, state }) => state === "elsewhere" && !left.has(id));
    if (isOver) this.history.newest().catch((problem) => this.tell(problem));
    this.#look();
    this.#tell();
  }

  /** Once for what happens in the same moment. */
  #tell() {
    if (this.#told) return;
    this.#told = true;
    Promise.resolve().then(() => {
      this.#told = false;
      this.#listeners.forEach((work) => work());
    });
  }
}

const answer = ({ reply = "", choices = [], stopped = false }) => ({
  state: "answered",
  reply: String(reply),
  choices,
  stopped,
  failure: "",
});
