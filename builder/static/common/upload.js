// Send a file to an action of a page (builder/serving/uploads.py answers). It ends like a call: {ok, text, code, …}.

import { lost, regained, signedOut } from "./connection.js";
import { isLong, reader } from "./lines.js";
import { at } from "./root.js";
import { signIn } from "./sign_in.js";
import { pairOf } from "./texts.js";
import { working } from "./working.js";

const IDLE = 60_000; // milliseconds in which something of it has to go out

/** `progress(share)`: how much of it is there, 0 to 1. Fetch tells nothing of that. */
export async function upload(page, action, file, args, progress = (_share) => {}) {
  for (;;) {
    const answer = await sent(page, action, file, args, progress);
    if (answer.code === "signed_out") {
      signedOut(() => signIn());
      if (await signIn({})) continue;
    } else if (answer.offline) lost();
    else if (answer.code !== "stopped") regained();
    return answer;
  }
}

function sent(page, action, file, args, progress) {
  const { promise, resolve } = Promise.withResolvers();
  const request = new XMLHttpRequest();
  const failed = (key, more = {}) =>
    resolve({ ok: false, text: pairOf(key), code: "", field: "", value: null, ...more });
  let why = /** @type {any} */ ({ key: "error.slow", more: { offline: true } });
  const work = working(() => (why = { key: "working.stopped", more: { code: "stopped" } }, request.abort()));
  let waiting = setTimeout(() => request.abort(), IDLE);
  const alive = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => request.abort(), IDLE);
  };
  const title = pairOf("working.upload");
  request.upload.onprogress = ({ loaded, total }) => {
    alive();
    progress(total ? loaded / total : 1);
    work.tell({ title, stops: true, done: loaded, of: total });
  };
  const read = reader((said) => (alive(), work.tell(said)));
  request.onprogress = () => isLong(responseOf(request)) && read(request.responseText);
  request.onload = () => {
    if (request.status === 401) return resolve({ ok: false, text: pairOf("error.signed_out"), code: "signed_out" });
    const answer = lastOf(request.responseText);
    if (typeof answer?.ok === "boolean") return resolve(answer);
    failed("error.offline", { offline: true });
  };
  request.onerror = () => failed("error.offline", { offline: true });
  request.onabort = () => failed(why.key, why.more);
  request.onloadend = () => (clearTimeout(waiting), work.over());
  const asked = encodeURIComponent(JSON.stringify(args));
  request.open("POST", at(`upload/${page}/${action}?args=${asked}`));
  request.setRequestHeader("content-type", "application/octet-stream");
  request.send(file);
  return promise;
}

/** What of a request is as of a response. */
const responseOf = (request) => ({ headers: { get: (name) => request.getResponseHeader(name) } });

/** The answer: the last line, or all of it. */
function lastOf(text) {
  try {
    return JSON.parse(text.trim().split("\n").at(-1));
  } catch {
    return null;
  }
}
