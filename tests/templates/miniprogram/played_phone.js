// wx, as far as the kit uses it, over a network that a test cuts wherever it likes.

const LATENCY = 20; // milliseconds each way

export class PlayedPhone {
  /** @param {{chunk?: number, sockets?: boolean, quota?: number, chunked?: boolean}} [how] `chunk`: bytes at a time */
  constructor(clock, server, { chunk = 5, sockets = true, quota = 1e7, chunked = true } = {}) {
    Object.assign(this, { clock, server, chunk, sockets, quota, chunked });
    this.isOnline = true;
    this.isMute = false; // nothing arrives any more, and nobody is told
    this.storage = new Map();
    this.logins = 0;
    this.happened = 0;
    this.onHappened = () => {};
    this.ends = new Set(); // what breaks when the network does
    this.wx = this.made();
  }

  cut() {
    this.isOnline = false;
    for (const end of [...this.ends]) end();
    this.ends.clear();
  }

  heal() {
    this.isOnline = true;
  }

  /** Something goes over the network, unless it is cut by then. */
  over(run, lost) {
    this.clock.after(LATENCY, () => {
      this.happened++;
      this.onHappened(this.happened);
      if (this.isMute) return;
      if (this.isOnline) run();
      else lost();
    });
  }

  made() {
    return {
      canIUse: (what) => this.chunked && what === "RequestTask.onChunkReceived",
      login: ({ success, fail }) =>
        this.isOnline ? success({ code: `code-${++this.logins}` }) : fail({ errMsg: "login:fail" }),
      getStorageSync: (key) => this.storage.get(key) ?? "",
      setStorageSync: (key, value) => {
        this.storage.set(key, value);
        const size = [...this.storage.values()].reduce((sum, one) => sum + one.length, 0);
        if (size > this.quota) {
          this.storage.delete(key);
          throw new Error("setStorageSync:fail exceed storage max size");
        }
      },
      removeStorageSync: (key) => this.storage.delete(key),
      request: (asked) => this.request(asked),
      connectSocket: (asked) => this.connect(asked),
    };
  }

  request({ url, method = "GET", header = {}, data, enableChunked, success, fail }) {
    const task = {
      chunks: () => {},
      onChunkReceived: (listener) => task.chunks = listener,
      abort: () => stop("abort"),
    };
    let over = false;
    const stop = (why) => {
      if (over) return;
      over = true;
      this.ends.delete(broken);
      fail({ errMsg: `request:fail ${why}` });
    };
    const broken = () => this.clock.after(1, () => stop("socket hang up"));
    const done = ({ status, data: said, header: told = {} }) => {
      if (over) return;
      over = true;
      this.ends.delete(broken);
      success({ statusCode: status, data: said, header: told });
    };
    this.ends.add(broken);
    this.over(() => {
      const { pathname, search } = new URL(url);
      const answer = this.server.asked({ path: pathname + search, method, header, data });
      if (answer.stream) return this.stream(answer.stream, enableChunked, task, done, () => over);
      this.over(() => done(answer), broken);
    }, broken);
    return task;
  }

  /** Server-sent events, in chunks of so many bytes, wherever these cut a character. */
  stream(message, enableChunked, task, done, isOver) {
    const send = (event, data) => {
      const bytes = new TextEncoder().encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      for (let i = 0; i < bytes.length; i += this.chunk) {
        const data = bytes.slice(i, i + this.chunk).buffer;
        this.over(() => !isOver() && enableChunked && task.chunks({ data }), () => {});
      }
    };
    const listener = (frame) => {
      if (isOver()) return message.listeners = message.listeners.filter((one) => one !== listener);
      if (frame.type === "written" && enableChunked) send("text_delta", { text: frame.text });
      if (frame.type !== "answered") return;
      const answer = { reply: frame.reply, new_context: "c" };
      if (enableChunked) send("done", answer);
      this.over(() => done({ status: 200, data: enableChunked ? "" : JSON.stringify(answer) }), () => {});
    };
    message.listeners.push(listener);
    if (message.so) listener({ type: "written", text: message.so });
    if (message.done) listener({ type: "answered", reply: message.reply });
  }

  connect({ protocols, fail }) {
    const on = {};
    let state = "opening";
    const close = (code) => {
      if (state === "closed") return;
      state = "closed";
      this.ends.delete(broken);
      on.close && on.close({ code });
    };
    const broken = () => this.clock.after(1, () => close(1006));
    this.ends.add(broken);
    const tell = (frame) => this.over(() => state === "open" && on.message({ data: JSON.stringify(frame) }), broken);
    this.over(() => {
      const token = protocols[1].replace("bearer.", "");
      if (!this.sockets || this.server.checked(token)) return on.error({ errMsg: "connectSocket:fail" });
      this.over(() => {
        if (state !== "opening") return;
        state = "open";
        on.open({});
      }, broken);
    }, broken);
    return {
      onOpen: (listener) => on.open = listener,
      onMessage: (listener) => on.message = listener,
      onError: (listener) => on.error = listener,
      onClose: (listener) => on.close = listener,
      close: () => close(1000),
      send: ({ data, fail: failed }) => {
        if (state !== "open") return (failed || fail)({ errMsg: "sendSocketMessage:fail" });
        this.over(() => this.said(JSON.parse(data), token_of(protocols), tell, close, () => state === "open"), broken);
      },
    };
  }

  said(frame, token, tell, close, isOpen) {
    if (!isOpen()) return;
    if (this.server.checked(token)) {
      tell({ type: "failed", code: "token_expired", message: "" });
      return this.over(() => close(4401), () => {});
    }
    if (this.server.frames) this.server.frames.push(frame);
    if (frame.type === "ping") return tell({ type: "pong" });
    if (frame.type === "stop") return this.server.stop(frame.id);
    if (frame.type === "follow") return (this.server.unasked || []).forEach(tell);
    const answer = this.server.refuses && this.server.refuses(frame);
    if (answer) return tell({ type: "failed", id: frame.id, ...answer });
    this.follow(this.server.run(frame.id, frame), frame.id, tell);
  }

  follow(message, id, tell) {
    let goesOn = false;
    tell({ type: "accepted", id });
    const listener = ({ type, ...more }) => {
      tell({ type: type === "written" && !goesOn ? "rewritten" : type, id, ...more });
      goesOn = true;
    };
    if (message.done) return tell({ type: "answered", id, reply: message.reply, ...message.more });
    if (message.so) listener({ type: "written", text: message.so });
    message.listeners.push(listener);
  }
}

const token_of = (protocols) => protocols[1].replace("bearer.", "");
