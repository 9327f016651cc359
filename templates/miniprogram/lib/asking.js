// One message by one request, whose answer comes in chunks: where no socket can be had.
// https://developers.weixin.qq.com/miniprogram/dev/api/network/request/RequestTask.onChunkReceived.html
//
// It tells the same frames as a socket does.

const { Events } = require("./events.js");
const { fault } = require("./faults.js");
const { failed, json, lower } = require("./http.js");
const shapes = require("./shapes.js");
const { Utf8 } = require("./utf8.js");

const SECONDS = 60;

/** Whether this phone can read an answer while it is written (base library 2.20.1). */
function streams(wx) {
  return wx.canIUse("RequestTask.onChunkReceived") || wx.canIUse("request.object.enableChunked");
}

class Asking {
  /**
   * @param {{wx: WechatMiniprogram.Wx, calls: any, entry: any, said: (frame: any) => void}} given
   */
  constructor({ wx, calls, entry, said }) {
    this.wx = wx;
    this.calls = calls;
    this.entry = entry;
    this.said = said;
    this.task = null;
    this.isOver = false;
  }

  /** Until the last frame. Fails when it was cut before: the same may be asked again. */
  async run() {
    await this.calls.signed((token) => this.once(token));
    if (!this.isOver) throw fault("offline");
  }

  abort() {
    this.isOver = true;
    if (this.task) this.task.abort();
  }

  once(token) {
    const { id, input, files, choice } = this.entry;
    const isStream = streams(this.wx);
    const body = { input, choice, stream: isStream };
    if (files.length > 0) Object.assign(body, { files: files.map((one) => one.id) });
    const reader = new Reader((frame) => this.tell(frame));
    return new Promise((resolve, reject) => {
      this.task = this.wx.request({
        url: this.calls.server + "/agent/chat",
        method: "POST",
        header: this.calls.header(token, { "content-type": "application/json", "idempotency-key": id }),
        data: JSON.stringify(body),
        dataType: "其他",
        enableChunked: isStream,
        timeout: SECONDS * 1000,
        success: (got) => {
          try {
            resolve(this.ended(got, reader));
          } catch (wrong) {
            reject(wrong);
          }
        },
        fail: (wrong) => reject(failed(wrong)),
      });
      if (isStream && this.task && this.task.onChunkReceived) {
        this.task.onChunkReceived(({ data }) => reader.push(data));
      }
    });
  }

  /** What came whole, or says why not; what came in chunks was read by then. */
  ended(got, reader) {
    const { statusCode: status, data } = got;
    if (status >= 400) return { status, data: data || reader.raw, header: lower(got.header) };
    if (!this.isOver && reader.raw.length + reader.events === 0 && data) {
      if (/^\s*\{/.test(data)) this.whole(data);
      else reader.read(data); // a phone that was asked for chunks and waited
    }
    return { status };
  }

  whole(data) {
    if (typeof json(data).reply !== "string") throw fault("rubbish");
    this.tell(Object.assign(shapes.frame(data), { type: "answered" }));
  }

  tell(frame) {
    if (this.isOver) return;
    if (frame.type === "answered" || frame.type === "failed") this.isOver = true;
    this.said(Object.assign({}, frame, { id: this.entry.id }));
  }
}

/** Chunks as frames. */
class Reader {
  constructor(tell) {
    this.tell = tell;
    this.bytes = new Utf8();
    this.parts = new Events();
    this.goesOn = false;
    this.events = 0;
    this.raw = ""; // the beginning of what may be a refusal, and no stream at all
  }

  push(buffer) {
    this.read(this.bytes.push(buffer));
  }

  read(text) {
    if (this.events === 0 && this.raw.length < 4000) this.raw += text;
    for (const { name, data } of this.parts.push(text)) {
      this.events++;
      const frame = shapes.frame(data);
      if (frame) this.event(name, frame);
    }
  }

  event(name, frame) {
    if (name === "done") this.tell(Object.assign(frame, { type: "answered" }));
    if (name === "error") this.tell(Object.assign(frame, { type: "failed" }));
    if (name !== "text_delta") return;
    this.tell(Object.assign(frame, { type: this.goesOn ? "written" : "rewritten" }));
    this.goesOn = true;
  }
}

module.exports = { Asking, streams };
