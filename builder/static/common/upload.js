// Send a file to an action of a page (builder/serving/uploads.py answers). It ends like a call: {ok, text, code, …}.

import { lost, regained, signedOut } from "./connection.js";
import { at } from "./root.js";
import { signIn } from "./sign_in.js";
import { pairOf } from "./texts.js";

const IDLE = 60_000; // milliseconds in which something of it has to go out

/** `progress(share)`: how much of it is there, 0 to 1. Fetch tells nothing of that. */
export async function upload(page, action, file, args, progress = (_share) => {}) {
  for (;;) {
    const answer = await sent(page, action, file, args, progress);
    if (answer.code === "signed_out") {
      signedOut(() => signIn());
      if (await signIn({})) continue;
    } else if (answer.offline) lost();
    else regained();
    return answer;
  }
}

function sent(page, action, file, args, progress) {
  const { promise, resolve } = Promise.withResolvers();
  const request = new XMLHttpRequest();
  const failed = (key) => resolve({ ok: false, text: pairOf(key), code: "", field: "", value: null, offline: true });
  let waiting = setTimeout(() => request.abort(), IDLE);
  const alive = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => request.abort(), IDLE);
  };
  request.upload.onprogress = ({ loaded, total }) => (alive(), progress(total ? loaded / total : 1));
  request.onload = () => {
    if (request.status === 401) return resolve({ ok: false, text: pairOf("error.signed_out"), code: "signed_out" });
    if (typeof request.response?.ok === "boolean") return resolve(request.response);
    failed("error.offline");
  };
  request.onerror = () => failed("error.offline");
  request.onabort = () => failed("error.slow");
  request.onloadend = () => clearTimeout(waiting);
  const asked = encodeURIComponent(JSON.stringify(args));
  request.open("POST", at(`upload/${page}/${action}?args=${asked}`));
  request.responseType = "json";
  request.setRequestHeader("content-type", "application/octet-stream");
  request.send(file);
  return promise;
}
