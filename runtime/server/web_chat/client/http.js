// Requests with the visitor's token; one that is over is renewed, once.

import { Problem, problemOf } from "./problem.js";

export class Http {
  constructor(world, base, session) {
    this.world = world;
    this.base = base;
    this.session = session;
  }

  /** The response, when it went well. `say`: JSON to send; `open`: without a token. Raises Problem.
   * @param {string} path
   * @param {{say?: object, body?: Blob, method?: string, headers?: object, open?: boolean, signal?: AbortSignal}} [how] */
  async call(path, how = {}) {
    const { say, body, headers = {}, open = false, signal } = how;
    const { method = say || body ? "POST" : "GET" } = how;
    const sent = say ? { "content-type": "application/json", ...headers } : headers;
    const options = { method, body: say ? JSON.stringify(say) : body, signal, credentials: "omit" };
    for (let stale = "", tries = 0;; tries++) {
      const token = open ? "" : await this.session.token(stale);
      const carried = open ? sent : { ...sent, authorization: `Bearer ${token}` };
      const response = await this.#fetch(path, { ...options, headers: carried });
      if (response.ok) return response;
      const problem = await problemOf(response);
      if (open || problem.status !== 401 || tries > 1) throw problem;
      if (problem.code !== "token_expired") this.session.drop(token); // a new one is begun
      stale = token;
    }
  }

  /** What it says as JSON, null for nothing. Raises Problem. */
  async json(path, options = {}) {
    const response = await this.call(path, options);
    return response.status === 204 ? null : await response.json().catch(() => {
      throw new Problem(502, "unreadable");
    });
  }

  async #fetch(path, options) {
    try {
      return await this.world.fetch(new URL(path, this.base).href, options);
    } catch (e) {
      if (options.signal?.aborted) throw e;
      throw new Problem(0, "offline");
    }
  }
}
