// The server's half of the contract, played: sessions that end, answers that are written bit by bit, each message
// run once by its id.

const PIECE = 100; // milliseconds between two pieces of an answer
const PIECES = 6;
const json = (status, data, header = {}) => ({ status, data: JSON.stringify(data), header });
const refusal = (status, code) => json(status, { error: { code, message: `（${code}）` } });

export class PlayedServer {
  constructor(clock) {
    Object.assign(this, { clock, count: 0, signIns: 0, refreshes: 0, fault: null, seconds: 900 });
    this.tokens = new Map();
    this.families = new Map(); // by refresh
    this.messages = new Map();
    this.judged = [];
    this.chosen = [];
    this.stopped = [];
    this.files = new Map();
    this.about = { name: "一叶茶铺", streams: true, takes: { image: 1000 }, collects: [], feedback: true, version: 1 };
  }

  /** How often each message was run. */
  get runs() {
    return [...this.messages.values()].map(({ input, runs }) => `${input} ${runs}`).sort();
  }

  asked({ path, method, header, data }) {
    if (this.fault) {
      const said = this.fault(path);
      if (said) return said;
    }
    const [route] = path.split("?");
    if (route === "/agent/about") return json(200, this.about);
    if (route === "/agent/session") return this.signIn(JSON.parse(data));
    if (route === "/agent/session/refresh") return this.refresh(JSON.parse(data));
    if (route === "/agent/session/end") return { status: 204, data: "" };
    const wrong = this.checked((header.authorization || "").replace("Bearer ", ""));
    if (wrong) return refusal(401, wrong);
    if (route === "/agent/history") return this.history(new URLSearchParams(path.split("?")[1]));
    if (route === "/agent/files" && method === "POST") return this.keep(path, data);
    if (route === "/agent/feedback") return this.judged.push(JSON.parse(data)), { status: 204, data: "" };
    if (route === "/agent/stop") return this.stop(JSON.parse(data).id), { status: 204, data: "" };
    if (route === "/agent/chat") return { stream: this.run(header["idempotency-key"], JSON.parse(data)) };
    return refusal(404, "not_found");
  }

  checked(token) {
    const found = this.tokens.get(token);
    if (!found || found.family.over) return "session_over";
    return found.ends <= this.clock.now() ? "token_expired" : "";
  }

  signIn({ code }) {
    if (!/^code-\d+$/.test(code)) return refusal(400, "bad_code");
    this.signIns++;
    return this.pair({ over: false });
  }

  /** The same refresh with the same attempt within a minute is the same pair; any other repeat ends it all. */
  refresh({ refresh, attempt }) {
    const one = this.families.get(refresh);
    if (!one || one.family.over) return refusal(401, "session_over");
    if (one.attempt === attempt && this.clock.now() - one.at < 60_000) return json(200, one.pair);
    if (one.attempt) {
      one.family.over = true;
      return refusal(401, "session_over");
    }
    this.refreshes++;
    Object.assign(one, { attempt, at: this.clock.now() });
    const answer = this.pair(one.family);
    one.pair = JSON.parse(answer.data);
    return answer;
  }

  pair(family) {
    const number = ++this.count;
    const [token, refresh] = [`token-${number}`, `hyr-${number}`];
    this.tokens.set(token, { family, ends: this.clock.now() + this.seconds * 1000 });
    this.families.set(refresh, { family, attempt: "" });
    return json(200, { token, expires_in: this.seconds, refresh, refresh_expires_in: 2592000 });
  }

  run(id, { input, files = [], choice = "" }) {
    const there = this.messages.get(id);
    if (there) return there;
    const reply = `答「${input}」🍵好`;
    const one = { id, input, files, reply, so: "", listeners: [], runs: 1, done: false, at: this.clock.now() / 1000 };
    this.messages.set(id, one);
    this.chosen.push(choice);
    const letters = [...reply];
    const size = Math.ceil(letters.length / PIECES);
    const pieces = letters.map((_, i) => letters.slice(i * size, (i + 1) * size).join("")).filter(Boolean);
    pieces.forEach((piece, i) => this.clock.after(PIECE * (i + 1), () => this.write(one, piece)));
    this.clock.after(PIECE * (pieces.length + 1), () => this.finish(one, {}));
    return one;
  }

  write(one, text) {
    if (one.done) return;
    one.so += text;
    one.listeners.slice().forEach((listener) => listener({ type: "written", text }));
  }

  finish(one, more) {
    if (one.done) return;
    Object.assign(one, { done: true, more, reply: more.stopped ? one.so : one.reply });
    one.listeners.slice().forEach((listener) => listener({ type: "answered", reply: one.reply, ...more }));
  }

  stop(id) {
    const one = this.messages.get(id);
    this.stopped.push(id);
    if (one) this.finish(one, { stopped: true });
  }

  history(query) {
    const all = [...this.messages.values()].map((one, i) => ({
      number: i + 1,
      id: one.id,
      at: one.at,
      input: one.input,
      kind: "text",
      files: [],
      reply: one.done ? one.reply : "",
      choices: [],
      failed: "",
      stopped: one.done && one.more.stopped === true,
      open: !one.done,
      verdict: "none",
    }));
    const before = Number(query.get("before")) || Infinity;
    const found = all.filter(({ number }) => number < before).slice(-Number(query.get("limit")));
    return json(200, { messages: found, more: found.length > 0 && found[0].number > 1 });
  }

  keep(path, bytes) {
    const id = `f-${"a_-B".repeat(200)}.${this.files.size + 1}`;
    this.files.set(id, bytes);
    const name = new URLSearchParams(path.split("?")[1]).get("name");
    return json(200, { id, kind: "image", name, size: bytes.byteLength });
  }
}
