// Who is here, to the server: signs in by wx.login, and refreshes what ends, one at a time.
// https://developers.weixin.qq.com/miniprogram/dev/api/open-api/login/wx.login.html

const { fault } = require("./faults.js");
const { failed, json, refused, request } = require("./http.js");
const { fresh } = require("./ids.js");
const shapes = require("./shapes.js");

const MARGIN = 30 * 1000; // milliseconds before its end in which a token is no more begun with
const JSON_HEADER = { "content-type": "application/json" };

class Session {
  /**
   * @param {{wx: WechatMiniprogram.Wx, store: any, clock: any, server: string, publication: string}} given
   */
  constructor({ wx, store, clock, server, publication }) {
    this.wx = wx;
    this.store = store;
    this.clock = clock;
    this.server = server;
    this.publication = publication;
    this.asking = null;
  }

  /** @returns {Promise<string>} a token that is good now; whoever asks meanwhile waits for the same */
  token() {
    const kept = this.kept();
    if (kept && kept.token && kept.ends - MARGIN > this.clock.now()) return Promise.resolve(kept.token);
    if (!this.asking) {
      this.asking = this.renew().then(
        (token) => (this.asking = null, token),
        (error) => {
          this.asking = null;
          throw error;
        },
      );
    }
    return this.asking;
  }

  kept() {
    const kept = this.store.get("session", null);
    return kept && typeof kept.token === "string" && typeof kept.refresh === "string" ? kept : null;
  }

  /** The server does not take this token any more. Another may be there by now, which stays. */
  expire(token) {
    const kept = this.kept();
    if (kept && kept.token === token) this.store.put("session", Object.assign({}, kept, { token: "" }));
  }

  /** The session is over, whatever it was: the next one begins with wx.login. */
  forget() {
    this.store.drop("session");
  }

  async renew() {
    const kept = this.kept();
    if (kept && kept.refresh) {
      try {
        return await this.refresh(kept);
      } catch (error) {
        if (error.status !== 401 && error.status !== 403 && error.status !== 400) throw error;
        this.forget();
      }
    }
    return this.signIn();
  }

  /** Says which try it is, and keeps it first: an answer that was lost on the way is got once more by it. */
  refresh(kept) {
    const attempt = kept.attempt || fresh(32);
    this.store.put("session", Object.assign({}, kept, { attempt }));
    return this.begun("/agent/session/refresh", { refresh: kept.refresh, attempt });
  }

  async signIn(isAgain = false) {
    const code = await new Promise((resolve, reject) =>
      this.wx.login({ success: (got) => resolve(got.code), fail: (wrong) => reject(failed(wrong)) })
    );
    if (!code) throw fault("offline");
    try {
      return await this.begun("/agent/session", { publication: this.publication, code });
    } catch (error) {
      if (error.code !== "proof" || isAgain) throw error;
      return this.signIn(true); // the code was used or too old: the phone gives another one
    }
  }

  async begun(path, body) {
    const url = this.server + path;
    const got = await request(this.wx, { url, method: "POST", header: JSON_HEADER, data: JSON.stringify(body) });
    if (got.status !== 200) throw refused(got);
    const session = shapes.session(json(got.data), this.clock.now());
    this.store.put("session", session);
    return session.token;
  }

  /** Ends it at the server, too; forgets it in any case. */
  async end() {
    const kept = this.kept();
    this.forget();
    if (!kept) return;
    const data = JSON.stringify({ refresh: kept.refresh });
    const url = this.server + "/agent/session/end";
    await request(this.wx, { url, method: "POST", header: JSON_HEADER, data }).catch(() => null);
  }
}

module.exports = { Session };
