// What the server says, checked where it comes in: of the kinds and sizes that the rest counts on.

const { fault } = require("./faults.js");

const text = (value, most) => (typeof value === "string" ? value.slice(0, most) : "");
const number = (value, otherwise = 0) => (typeof value === "number" && isFinite(value) ? value : otherwise);
const list = (value, most, one) => (Array.isArray(value) ? value.slice(0, most).map(one) : []);
const object = (value) => (value && typeof value === "object" ? value : {});

const REPLY = 200000; // characters of an answer that are shown
const KINDS = ["image", "voice", "video", "file"];

/** What is shown before anybody signs in. */
function about(data) {
  const takes = object(data.takes);
  return {
    name: text(data.name, 100),
    about: text(data.about, 1000),
    color: /^#[0-9a-fA-F]{6}$/.test(data.color) ? data.color : "",
    opening: text(data.opening, 4000),
    suggestions: list(data.suggestions, 8, (one) => text(one, 200)).filter(Boolean),
    label: text(data.label, 200),
    streams: data.streams !== false,
    takes: KINDS.reduce((all, kind) => Object.assign(all, { [kind]: Math.max(0, number(takes[kind])) }), {}),
    collects: list(data.collects, 20, (one) => {
      const { what, why, days } = object(one);
      return { what: text(what, 200), why: text(why, 500), days: number(days) };
    }),
    consent: text(data.consent, 4000),
    feedback: data.feedback === true,
  };
}

/** A session's tokens, with the phone's own time at which the first ends. */
function session(data, now) {
  const token = text(data.token, 8000);
  const refresh = text(data.refresh, 500);
  const seconds = number(data.expires_in);
  if (!token || !refresh || seconds <= 0) throw fault("rubbish");
  return { token, refresh, ends: now + seconds * 1000, attempt: "" };
}

function choices(value) {
  return list(value, 20, (one) => ({ text: text(object(one).text, 200), value: text(object(one).value, 2000) }))
    .filter((one) => one.text && one.value);
}

function file(value) {
  const { id, kind, name, size } = object(value);
  return {
    id: text(id, 2000),
    kind: KINDS.indexOf(kind) >= 0 ? kind : "file",
    name: text(name, 200),
    size: number(size),
  };
}

/** One message of the history. */
function exchange(value) {
  const one = object(value);
  const verdict = one.verdict === "good" || one.verdict === "bad" ? one.verdict : "";
  return {
    number: number(one.number),
    id: text(one.id, 255),
    at: number(one.at),
    input: one.kind === "start" ? "" : text(one.input, 20000), // nobody said what a schedule begins with
    files: list(one.files, 20, file).filter(({ id }) => id),
    reply: text(one.reply, REPLY),
    choices: choices(one.choices),
    failed: one.failed ? text(one.failed, 500) || "failed" : "",
    stopped: one.stopped === true,
    isOpen: typeof one.open === "boolean" ? one.open : !one.reply && !one.failed,
    verdict,
  };
}

function history(data) {
  if (!Array.isArray(data.messages)) throw fault("rubbish");
  return { messages: list(data.messages, 100, exchange), more: data.more === true };
}

/** A frame of the WebSocket, or null for what is none. */
function frame(data) {
  if (typeof data !== "string") return null;
  let said;
  try {
    said = object(JSON.parse(data));
  } catch (_) {
    return null;
  }
  return {
    type: text(said.type, 32),
    id: typeof said.id === "string" ? said.id.slice(0, 64) : "",
    number: typeof said.id === "number" ? said.id : 0,
    text: text(said.text, REPLY),
    reply: text(said.reply, REPLY),
    choices: choices(said.choices),
    code: text(said.code, 64),
    message: text(said.message, 500),
    again: Math.max(0, number(said.again)),
    at: number(said.at),
    stopped: said.stopped === true,
  };
}

module.exports = { about, exchange, file, frame, history, session };
