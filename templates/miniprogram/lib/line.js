// A WebSocket that is there whenever it can be: opened again after each cut, a little later each time.
// https://developers.weixin.qq.com/miniprogram/dev/api/network/websocket/wx.connectSocket.html

const { wait } = require("./backoff.js");
const { failed } = require("./http.js");
const shapes = require("./shapes.js");

const PROTOCOL = "hongyan.1";
const TOKEN_OVER = 4401;
const PING = 20000; // milliseconds
const SILENT = 45000; // milliseconds without a word, after which nobody is there
const OPENING = 12000; // milliseconds
const NO_DOOR = 2; // tries after which the token may be what is not taken: of a refusal nobody is told why
const SESSION = ["token_expired", "session_over", "bad_token"];

class Line {
  /**
   * @param {{wx: WechatMiniprogram.Wx, session: any, clock: any, server: string, opened: () => void, said: (frame: any) => void,
   *   down: (error: any, tries: number) => void}} given
   *   `down` hears of each cut, with the number of tries that failed since it was open
   */
  constructor({ wx, session, clock, server, opened, said, down }) {
    this.wx = wx;
    this.session = session;
    this.clock = clock;
    this.url = server.replace(/^http/, "ws") + "/agent/ws";
    this.on = { opened, said, down };
    this.isWanted = false;
    this.isOpen = false;
    this.tries = 0;
    this.token = "";
    this.round = 0; // what an older socket says still is of no interest
    this.cancel = () => {};
    this.unping = () => {};
  }

  /** From now on it is to be open. Does not wait where it would have. */
  want() {
    this.isWanted = true;
    if (this.isOpen && this.clock.now() - this.heard < SILENT) return;
    this.cut();
    this.tries = 0;
    this.open();
  }

  /** Nobody listens any more. */
  leave() {
    this.isWanted = false;
    this.cut();
  }

  /** @returns {boolean} whether it was given to the socket: what arrives is said by frames alone */
  send(frame) {
    if (!this.isOpen) return false;
    const round = this.round;
    this.task.send({ data: JSON.stringify(frame), fail: (wrong) => this.fell(round, failed(wrong)) });
    return true;
  }

  cut() {
    this.round++;
    this.isOpen = false;
    this.cancel();
    this.unping();
    const task = this.task;
    this.task = null;
    if (task) {
      try {
        task.close({ code: 1000 });
      } catch (_) { /* it is closed already */ }
    }
  }

  async open() {
    const round = ++this.round;
    let token;
    try {
      token = await this.session.token();
    } catch (error) {
      this.fell(round, error);
      return;
    }
    if (round !== this.round || !this.isWanted) return;
    this.token = token;
    const protocols = [PROTOCOL, `bearer.${token}`];
    const fail = (wrong) => this.fell(round, failed(wrong));
    this.task = this.wx.connectSocket({ url: this.url, protocols, timeout: OPENING, fail });
    this.cancel = this.clock.after(OPENING, () => fail({ errMsg: "timeout" }));
    if (this.task) this.listen(round, token);
  }

  listen(round, token) {
    this.task.onOpen(() => {
      if (round !== this.round) return;
      this.cancel();
      this.isOpen = true;
      this.heard = this.clock.now();
      this.beat(round);
      this.on.opened();
    });
    this.task.onMessage(({ data }) => {
      if (round !== this.round) return;
      this.heard = this.clock.now();
      this.tries = 0; // somebody is there: an open door alone may be a proxy's
      const frame = shapes.frame(data);
      if (!frame) return;
      if (frame.type === "failed" && !frame.id && SESSION.indexOf(frame.code) >= 0) this.session.expire(token);
      this.on.said(frame);
    });
    this.task.onError((wrong) => this.fell(round, failed(wrong)));
    this.task.onClose(({ code }) => {
      if (code === TOKEN_OVER) this.session.expire(token);
      this.fell(round, failed({ errMsg: `closed ${code}` }));
    });
  }

  beat(round) {
    this.unping = this.clock.after(PING, () => {
      if (round !== this.round) return;
      if (this.clock.now() - this.heard >= SILENT) return this.fell(round, failed({ errMsg: "timeout" }));
      this.send({ type: "ping" });
      if (round === this.round) this.beat(round);
    });
  }

  fell(round, error) {
    if (round !== this.round) return;
    this.cut();
    if (!this.isWanted) return;
    this.tries++;
    if (this.tries === NO_DOOR && this.token) this.session.expire(this.token);
    this.cancel = this.clock.after(wait(this.tries, Math.random()), () => this.open());
    this.on.down(error, this.tries);
  }
}

module.exports = { Line };
