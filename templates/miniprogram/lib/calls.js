// Requests of whoever is signed in. A token that ended is renewed once, and the request made again.

const { fault } = require("./faults.js");
const { failed, json, refused, request } = require("./http.js");
const shapes = require("./shapes.js");

class Calls {
  /**
   * @param {{wx: WechatMiniprogram.Wx, session: any, server: string, language: string}} given
   */
  constructor({ wx, session, server, language }) {
    this.wx = wx;
    this.session = session;
    this.server = server;
    this.language = language;
  }

  header(token, more = {}) {
    return Object.assign({ authorization: `Bearer ${token}`, "accept-language": this.language }, more);
  }

  /** What `ask(token)` answers. It says 401 as a fault, or as a status. */
  async signed(ask) {
    for (let tries = 0;; tries++) {
      const token = await this.session.token();
      let wrong;
      try {
        const got = await ask(token);
        if (got.status < 400) return got;
        wrong = refused(got);
      } catch (error) {
        wrong = error;
      }
      if (wrong.status !== 401 || tries > 1) throw wrong;
      if (wrong.code === "session_over" || wrong.code === "bad_token") this.session.forget();
      else this.session.expire(token);
    }
  }

  /** @param {"GET" | "POST"} method */
  async call(method, path, body) {
    const more = body ? { "content-type": "application/json" } : {};
    return await this.signed((token) =>
      request(this.wx, {
        url: this.server + path,
        method,
        header: this.header(token, more),
        data: body ? JSON.stringify(body) : undefined,
      })
    );
  }

  /** What is shown before anybody signs in. */
  async about(publication) {
    const url = `${this.server}/agent/about?publication=${encodeURIComponent(publication)}`;
    const got = await request(this.wx, { url, header: { "accept-language": this.language } });
    if (got.status !== 200) throw refused(got);
    return shapes.about(json(got.data));
  }

  /** Older messages, from before that number; 0: the newest. */
  async history(before, limit = 30) {
    const from = before ? `before=${before}&` : "";
    const got = await this.call("GET", `/agent/history?${from}limit=${limit}`);
    return shapes.history(json(got.data));
  }

  async feedback(id, verdict, reason = "") {
    await this.call("POST", "/agent/feedback", { id, verdict, reason: reason.slice(0, 500) });
  }

  async stop(id) {
    await this.call("POST", "/agent/stop", { id });
  }

  /** @param {ArrayBuffer} bytes */
  async upload(name, bytes) {
    const url = `${this.server}/agent/files?name=${encodeURIComponent(name.slice(0, 100))}`;
    const type = { "content-type": "application/octet-stream" };
    const got = await this.signed((token) =>
      request(this.wx, { url, method: "POST", header: this.header(token, type), data: bytes, seconds: 60 })
    );
    const file = shapes.file(json(got.data));
    if (!file.id) throw fault("rubbish");
    return file;
  }

  /** @returns {Promise<string>} where the phone has it for now */
  async download(id) {
    const url = `${this.server}/agent/files/${encodeURIComponent(id)}`;
    const got = await this.signed((token) =>
      new Promise((resolve, reject) =>
        this.wx.downloadFile({
          url,
          header: this.header(token),
          success: ({ statusCode, tempFilePath }) => resolve({ status: statusCode, data: tempFilePath, header: {} }),
          fail: (wrong) => reject(failed(wrong)),
        })
      )
    );
    return got.data;
  }
}

module.exports = { Calls };
