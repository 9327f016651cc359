// Ask the server: the one place through which every call of every page goes (builder/serving/clicks.py answers).
// A call always ends in {ok, text?, field?, code?, value?}; `offline` says that nobody knows what became of it.

import { post } from "./ahead.js";
import { lost, regained, signedOut } from "./connection.js";
import { toast } from "./toast.js";
import { signIn } from "./sign_in.js";
import { answerOf, isLong } from "./lines.js";
import { pairOf, say, t } from "./texts.js";
import { working } from "./working.js";

const SECONDS = 30; // that a call may take until it says something: that it is done, or how far it is

const lacking = new Map(); // by page, what its answers said that this person may not

/**
 * `call(action, arguments)` for the actions of that page. `seconds`: how long it may be silent; `quiet`: nobody clicked.
 * `call.may(action, agent)`: whether it would be refused, as far as the page's first answer told: what would, is not offered.
 */
export function caller(page) {
  async function call(action, args = {}, { seconds = SECONDS, quiet = false } = {}) {
    for (;;) {
      const answer = await ask(page, JSON.stringify({ action, args }), seconds);
      if (answer.code === "signed_out") {
        signedOut(() => signIn());
        if (await signIn({ quiet })) continue; // it was refused at the door, so it is asked again
      } else if (answer.offline) lost();
      else if (answer.code !== "stopped") regained();
      if (!answer.offline) lacking.set(page, answer.lacks ?? lacking.get(page) ?? {});
      return answer;
    }
  }
  return Object.assign(call, { may: (action, agent = "") => may(lacking.get(page), action, agent) });
}

/** `lacks`: by action, the agents on which it is allowed all the same. */
export const may = (lacks, action, agent) => lacks?.[action]?.includes(agent) ?? true;

async function ask(page, body, seconds) {
  const over = new AbortController();
  const patience = waiting(seconds, () => over.abort("slow"));
  const work = working(() => over.abort("stopped"));
  try {
    const response = await post(page, body, over.signal);
    if (response.status === 401) return refused(pairOf("error.signed_out"), "signed_out");
    const tell = (said) => (patience.anew(), work.tell(said));
    const answer = isLong(response) ? await answerOf(response, tell) : await response.json();
    if (typeof answer?.ok === "boolean") return answer;
    if (response.status < 500 && typeof answer?.error === "string") {
      return refused({ zh: answer.error, en: answer.error });
    }
  } catch {
    if (over.signal.reason === "stopped") return refused(pairOf("working.stopped"), "stopped");
    if (over.signal.reason === "slow") return { ...refused(pairOf("error.slow")), offline: true };
  } finally {
    patience.end();
    work.over();
  }
  return { ...refused(pairOf("error.offline")), offline: true };
}

/** `run` after so many seconds; `anew()` begins to count again. */
function waiting(seconds, run) {
  let timer = setTimeout(run, seconds * 1000);
  const end = () => clearTimeout(timer);
  return { end, anew: () => (end(), timer = setTimeout(run, seconds * 1000)) };
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
