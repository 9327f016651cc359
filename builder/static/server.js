// Ask the server: every click is a named action there (builder/actions).

import { say, t } from "./texts.js";
import { toast } from "./overlay.js";

/** Wraps a component's `server` into `call(action, arguments)`, which always answers {ok, text?, field?, value?}. */
export function caller(server) {
  return async function call(action, args = {}) {
    try {
      return await server.call({ action, args });
    } catch (error) {
      if (/\b401\b|login|登录/i.test(String(error && error.message))) {
        location.assign("./login?next=" + encodeURIComponent(location.pathname + location.search));
      }
      return { ok: false, offline: true, text: { zh: t("error.offline"), en: t("error.offline") } };
    }
  };
}

/** Shows what the action said; returns its value, or null when it failed. */
export function told(answer) {
  const sentence = say(answer.text);
  if (sentence) toast(sentence, { tone: answer.ok ? "ok" : "bad" });
  return answer.ok ? (answer.value ?? true) : null;
}

export const agentId = () => new URLSearchParams(location.search).get("agent") || "";

export const href = (page, agent = agentId()) =>
  `./${page}` + (agent ? `?agent=${encodeURIComponent(agent)}` : "");
