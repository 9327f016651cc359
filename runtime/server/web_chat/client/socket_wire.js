// Messages over one WebSocket, see docs/en/websocket.md: it may be cut, and comes back by itself.

import { patience, pause } from "./problem.js";

const PING = 25_000; // ms of silence after which we ask whether somebody is there…
const DEAD = 10_000; // …and after which nobody is
const HOPELESS = 2; // tries in a row that never opened: something on the way does not let WebSockets through
const RENEW = 4401;

export class SocketWire {
  #socket = null;
  #opened = false;
  #tries = 0;
  #failures = 0;
  #timer = null;
  #ping = null;
  #stale = "";
  #token = "";
  #wanted = false;
  #connecting = false;

  /** `hears`: {opened, frame(frame), cut, trouble(problem), hopeless}; `hopeless` promises
   * whether somebody else goes on. */
  constructor(world, base, session, hears) {
    this.world = world;
    this.session = session;
    this.hears = hears;
    const url = new URL("agent/ws", base);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.url = url.href;
  }

  get open() {
    return this.#opened;
  }

  /** Be connected from now on. */
  need() {
    this.#wanted = true;
    if (!this.#socket && !this.#timer && !this.#connecting) this.#connect();
  }

  /** Whatever we waited for may be over: try at once, or see whether the line is dead. */
  wake() {
    if (!this.#wanted) return;
    if (this.#opened) return this.#look();
    if (this.#timer) this.#again(0);
  }

  rest() {
    this.#wanted = false;
    this.#again(null);
    this.world.never(this.#ping);
    const socket = this.#socket;
    this.#socket = null;
    this.#opened = false;
    socket?.close(1000);
  }

  /** Whether it was handed over; what is not, is sent again when the line is back. */
  say(frame) {
    if (!this.#opened) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  async #connect() {
    this.#connecting = true;
    try {
      this.#token = await this.session.token(this.#stale);
    } catch (problem) {
      this.hears.trouble(problem);
      return this.#again(problem.passes ? patience(this.world, problem, this.#tries++) : null);
    } finally {
      this.#connecting = false;
    }
    if (!this.#wanted) return;
    const socket = this.world.socket(this.url, ["hongyan.1", `bearer.${this.#token}`]);
    this.#socket = socket;
    socket.onopen = () => this.#socket === socket && this.#begun();
    socket.onmessage = ({ data }) => this.#socket === socket && this.#heard(data);
    socket.onclose = ({ code }) => this.#socket === socket && this.#over(code);
  }

  #begun() {
    this.#opened = true;
    this.#tries = this.#failures = 0;
    this.#listen();
    this.hears.opened();
  }

  #heard(data) {
    this.#listen();
    let frame = null;
    try {
      frame = JSON.parse(data);
    } catch {
      return; // not of our server
    }
    if (frame && typeof frame === "object") this.hears.frame(frame);
  }

  async #over(code) {
    const was = this.#opened;
    this.#socket = null;
    this.#opened = false;
    this.world.never(this.#ping);
    if (code === RENEW) this.#stale = this.#token;
    if (was) this.hears.cut();
    if (!was && ++this.#failures >= HOPELESS && await this.hears.hopeless()) return;
    if (this.#wanted) this.#again(code === RENEW && was ? 0 : pause(this.world, this.#tries++));
  }

  #again(ms) {
    this.world.never(this.#timer);
    this.#timer = ms === null ? null : this.world.later(() => {
      this.#timer = null;
      if (this.#wanted && !this.#socket) this.#connect();
    }, ms);
  }

  #listen() {
    this.world.never(this.#ping);
    this.#ping = this.world.later(() => this.#look(), PING);
  }

  #look() {
    this.world.never(this.#ping);
    this.say({ type: "ping" });
    this.#ping = this.world.later(() => {
      const socket = this.#socket;
      this.#over(1006);
      socket?.close();
    }, DEAD);
  }
}
