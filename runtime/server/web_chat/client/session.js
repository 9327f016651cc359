// Who this visitor is to the server: a token for a quarter of an hour, and one that gets the next.
//
// Both lie where other tabs see them: a token that renews is good once, so what lies there is what counts. Tabs that
// renew at the same moment send the same attempt, which the server answers alike.

import { Problem, problemOf } from "./problem.js";

const EARLY = 60_000; // ms before its end from which on a token is not used

export class Session {
  #asking = null;

  /** `visitor`: what the site itself signed of who this is, a JWT, or "". */
  constructor(world, base, publication, visitor = "") {
    this.world = world;
    this.base = base;
    this.publication = publication;
    this.visitor = visitor;
    this.name = `hongyan.${publication}`;
  }

  get who() {
    return subject(this.visitor);
  }

  get known() {
    return this.#kept() !== null;
  }

  /** A token that is good. `stale`: one that was refused. Raises Problem. */
  async token(stale = "") {
    const kept = this.#kept();
    if (kept && kept.token !== stale && kept.until - EARLY > this.world.now()) return kept.token;
    this.#asking ??= this.world.alone(this.name, () => this.#fresh(stale)).finally(() => this.#asking = null);
    return await this.#asking;
  }

  /** Nobody is known here from now on. */
  async end() {
    const kept = this.#read();
    this.world.keep.drop(this.name);
    if (kept) await this.#ask("agent/session/end", { refresh: kept.refresh }).catch(() => null);
  }

  /** The server does not know this session any more. */
  drop(token) {
    if (this.#kept()?.token === token) this.world.keep.drop(this.name);
  }

  async #fresh(stale) {
    const kept = this.#kept(); // another tab may have been first
    if (kept && kept.token !== stale && kept.until - EARLY > this.world.now()) return kept.token;
    if (kept) {
      const { refresh, attempt } = kept;
      const response = await this.#ask("agent/session/refresh", { refresh, attempt });
      if (response.ok) return this.#keep(await response.json());
      const problem = await problemOf(response);
      if (problem.status !== 401) throw problem;
      const now = this.#kept();
      if (now && now.refresh !== refresh) return now.token;
      this.world.keep.drop(this.name);
    }
    const { publication, visitor } = this;
    const response = await this.#ask("agent/session", visitor ? { publication, visitor } : { publication });
    if (!response.ok) throw await problemOf(response);
    return this.#keep(await response.json());
  }

  #keep({ token, expires_in, refresh }) {
    const there = this.#read();
    if (there?.refresh === refresh) return there.token;
    const until = this.world.now() + expires_in * 1000;
    const kept = { token, until, refresh, attempt: this.world.name(), who: this.who };
    this.world.keep.put(this.name, JSON.stringify(kept));
    return token;
  }

  /** What is kept of this visitor; of somebody else who was signed in here, it ends. */
  #kept() {
    const kept = this.#read();
    if (kept && kept.who !== this.who) {
      this.end();
      return null;
    }
    return kept;
  }

  #read() {
    return parsed(this.world.keep.get(this.name));
  }

  async #ask(path, said) {
    const sent = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(said) };
    try {
      return await this.world.fetch(new URL(path, this.base).href, { ...sent, credentials: "omit" });
    } catch {
      throw new Problem(0, "offline");
    }
  }
}

function parsed(text) {
  try {
    const found = JSON.parse(text ?? "null");
    return found && typeof found.refresh === "string" && typeof found.token === "string" ? found : null;
  } catch {
    return null;
  }
}

/** Of whom a signed statement is; the server checks it, here it only tells one visitor from another. */
function subject(jwt) {
  try {
    const part = jwt.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    return String(JSON.parse(atob(part)).sub ?? "");
  } catch {
    return jwt ? "?" : "";
  }
}
