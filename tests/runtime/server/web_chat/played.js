// A browser and our server, played: time stands still until it is moved, and nothing leaves this file.

const JSON_TYPE = { "content-type": "application/json" };
const turns = async (n = 40) => {
  for (let i = 0; i < n; i++) await Promise.resolve();
  await new Promise((done) => setTimeout(done, 0)); // a stream's pieces come between turns of the loop
};

/** The server: sessions as SESSIONS says, and whatever a scenario makes of the rest. */
export class Server {
  asked = []; // [path, what was sent]
  refreshed = new Map(); // used up: token → [attempt, what it was answered]
  sessions = 0;
  sockets = [];
  history = [];
  lets = true; // WebSockets through
  stranger = false; // the page is of a site that may not come
  online = true;
  chat = () => new Response("{}", { status: 500 });

  fetch = async (url, { method, headers = {}, body } = {}) => {
    if (!this.online) throw new TypeError("offline");
    const { pathname } = new URL(url);
    const said = typeof body === "string" ? JSON.parse(body) : body;
    this.asked.push([pathname, said, headers]);
    if (pathname === "/agent/session") return this.#pair(`r${this.sessions + 1}`);
    if (pathname === "/agent/session/refresh") return this.#refresh(said);
    if (pathname === "/agent/about" && this.stranger) return problem(403, "origin");
    if (pathname === "/agent/about") return json({ name: "A", takes: {}, suggestions: [] });
    if (pathname === "/agent/history") return json({ messages: this.history, more: false });
    if (pathname === "/agent/chat") return await this.chat(said, headers);
    return new Response(null, { status: method === "POST" ? 204 : 404 });
  };

  paths(name) {
    return this.asked.filter(([path]) => path === `/agent/${name}`);
  }

  #pair(refresh) {
    const pair = { token: `t${++this.sessions}`, expires_in: 900, refresh, refresh_expires_in: 2592000 };
    this.pair = pair;
    return json(pair);
  }

  #refresh({ refresh, attempt }) {
    const before = this.refreshed.get(refresh);
    if (before && before[0] === attempt) return json(before[1]);
    if (before || refresh !== this.pair?.refresh) return problem(401, "session_over");
    const answer = this.#pair(`${refresh}+`);
    this.refreshed.set(refresh, [attempt, this.pair]);
    return answer;
  }
}

const json = (value) => new Response(JSON.stringify(value), { headers: JSON_TYPE });
export const problem = (status, code, headers = {}) =>
  new Response(JSON.stringify({ error: { code, message: code } }), { status, headers: { ...JSON_TYPE, ...headers } });

/** One end of a WebSocket, whose other end a scenario plays. */
class Line {
  said = [];

  constructor(url, protocols) {
    this.url = url;
    this.protocols = protocols;
  }

  send(text) {
    this.said.push(JSON.parse(text));
  }

  close(code = 1000) {
    this.onclose?.({ code });
  }

  sent(type = "send") {
    return this.said.filter((one) => one.type === type);
  }

  async tells(...frames) {
    for (const frame of frames) this.onmessage({ data: JSON.stringify(frame) });
    await turns();
  }
}

/** A browser with tabs, which share what is kept. */
export class Browser {
  now = 1_700_000_000_000;
  kept = new Map();
  timers = [];
  tabs = [];
  warned = [];
  named = 0;

  constructor(server) {
    this.server = server;
  }

  tab() {
    const heard = [];
    const tab = {
      fetch: this.server.fetch,
      socket: (url, protocols) => this.#socket(url, protocols),
      now: () => this.now,
      later: (work, ms) => {
        const timer = { at: this.now + ms, work };
        this.timers.push(timer);
        return timer;
      },
      never: (timer) => this.timers = this.timers.filter((one) => one !== timer),
      random: () => 0.5,
      warn: (text) => this.warned.push(text),
      name: () => `n${++this.named}`,
      keep: {
        get: (name) => this.kept.get(name) ?? null,
        put: (name, text) => this.#change(tab, name, () => this.kept.set(name, text)),
        drop: (name) => this.#change(tab, name, () => this.kept.delete(name)),
      },
      alone: (_, work) => work(),
      on: (event, work) => {
        heard.push([event, work]);
        return () => heard.splice(heard.findIndex((one) => one[1] === work), 1);
      },
      hidden: () => false,
      tell: (event, what) => heard.forEach(([name, work]) => name === event && work(what)),
    };
    this.tabs.push(tab);
    return tab;
  }

  #socket(url, protocols) {
    const line = new Line(url, protocols);
    this.server.sockets.push(line);
    Promise.resolve().then(() => this.server.lets && this.server.online ? line.onopen() : line.onclose({ code: 1006 }));
    return line;
  }

  #change(tab, key, work) {
    work();
    this.tabs.filter((one) => one !== tab).forEach((one) => one.tell("storage", { key }));
  }

  /** So many seconds pass. */
  async pass(seconds) {
    const until = this.now + seconds * 1000;
    await turns();
    for (;;) {
      const [next] = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.timers = this.timers.filter((one) => one !== next);
      this.now = Math.max(this.now, next.at);
      next.work();
      await turns();
    }
    this.now = until;
  }
}
