// Ask the server: the one place through which every call of every page goes (builder/serving/clicks.py answers).
// A call always ends in {ok, text?, field?, code?, value?}; `offline` says that nobody knows what became of it.

import { post } from "./ahead.js";
import { lost, regained, signedOut } from "./connection.js";
import { toast } from "./toast.js";
import { signIn } from "./sign_in.js";
import { pairOf, say, t } from "./texts.js";

const SECONDS = 30; // that a call may take unless it says otherwise

/** `call(action, arguments)` for the actions of that page. `seconds`: how long it may take; `quiet`: nobody clicked. */
export function caller(page) {
  return async function call(action, args = {}, { seconds = SECONDS, quiet = false } = {}) {
    for (;;) {
      const answer = await ask(page, JSON.stringify({ action, args }), seconds);
      if (answer.code === "signed_out") {
        signedOut(() => signIn());
        if (await signIn({ quiet })) continue; // it was refused at the door, so it is asked again
      } else if (answer.offline) lost();
      else regained();
      return answer;
    }
  };
}

async function ask(page, body, seconds) {
  try {
    const response = await post(page, body, seconds);
    if (response.status === 401) return refused(pairOf("error.signed_out"), "signed_out");
    const answer = await response.json();
    if (typeof answer?.ok === "boolean") return answer;
    if (response.status < 500 && typeof answer?.error === "string") {
      return refused({ zh: answer.error, en: answer.error });
    }
  } catch (error) {
    if (error.name === "TimeoutError") return { ...refused(pairOf("error.slow")), offline: true };
  }
  return { ...refused(pairOf("error.offline")), offline: true };
}

const refused = (text, code = "") => ({ ok: false, text, code, field: "", value: null });

/** Shows what the action said; returns its value, or null when it failed: then there is always a sentence. */
export function told(answer) {
  const sentence = say(answer.text) || (answer.ok ? "" : t("error.unknown"));
  if (sentence) toast(sentence, { tone: answer.ok ? "ok" : "bad" });
  return answer.ok ? (answer.value ?? true) : null;
}

export const agentId = () => new URLSearchParams(location.search).get("agent") || "";

export const href = (page, agent = agentId()) => `./${page}` + (agent ? `?agent=${encodeURIComponent(agent)}` : "");
