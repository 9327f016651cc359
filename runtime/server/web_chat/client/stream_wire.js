// The same where WebSockets do not get through: a request for each message, whose answer streams.

import { events } from "./event_stream.js";
import { patience, Problem } from "./problem.js";

const MOST = 8; // tries of one message without any sign of life in between
const CUT = "cut"; // in the middle of an answer

export class StreamWire {
  #running = new Map();

  /** `hears`: {frame(frame), trouble(problem), opened}, told the same frames as from a WebSocket. */
  constructor(world, http, hears) {
    this.world = world;
    this.http = http;
    this.hears = hears;
  }

  get open() {
    return true;
  }

  need() {}

  wake() {}

  rest() {
    for (const control of this.#running.values()) control.abort();
    this.#running.clear();
  }

  say(frame) {
    if (frame.type === "send" && !this.#running.has(frame.id)) this.#send(frame);
    if (frame.type === "stop") this.#stop(frame.id);
    return true;
  }

  async #stop(id) {
    try {
      await this.http.call("agent/stop", { say: { id } });
    } catch (problem) {
      this.hears.trouble(problem);
    }
  }

  async #send({ id, input, files, choice }) {
    const control = new AbortController();
    this.#running.set(id, control);
    for (let tries = 0;;) {
      try {
        await this.#asked(id, { input, ...(files?.length ? { files } : {}), choice }, control.signal);
        break;
      } catch (problem) {
        if (control.signal.aborted) return;
        const known = problem instanceof Problem ? problem : new Problem(0, "offline");
        tries = known.code === CUT ? 1 : tries + 1; // it went well until then
        if (!known.passes || tries >= MOST) {
          this.hears.frame({ type: "failed", id, code: known.code, message: known.message });
          break;
        }
        this.hears.trouble(known);
        this.hears.frame({ type: "delayed", id });
        await new Promise((wake) => this.world.later(wake, patience(this.world, known, tries)));
      }
    }
    this.#running.delete(id);
  }

  /** Until there is an answer, or will be none. Raises Problem. */
  async #asked(id, said, signal) {
    const headers = { accept: "text/event-stream", "idempotency-key": id };
    const response = await this.http.call("agent/chat", { say: { ...said, stream: true }, headers, signal });
    this.hears.opened();
    this.hears.frame({ type: "accepted", id });
    let begun = false;
    for await (const { event, data } of events(response.body)) {
      const value = JSON.parse(data);
      if (event === "text_delta") {
        this.hears.frame({ type: begun ? "written" : "rewritten", id, text: value.text });
        begun = true;
      }
      if (event === "done") return this.hears.frame({ type: "answered", ...value, id });
      if (event === "error") return this.hears.frame({ type: "failed", ...value, id });
    }
    throw new Problem(0, begun ? CUT : "offline");
  }
}
