// What a page asks the server first, under way before the page is drawn: Gradio takes its time until it draws.

import { languages } from "assets";
import { at } from "./root.js";

// The server chooses; what it writes into the page, the browser gives as its own.
const told = navigator.language || "zh";
const chosen = languages.find(({ locale }) => locale === told) ?? languages.find(({ code }) => told.startsWith(code));
export const lang = chosen?.code ?? "en";

const SECONDS = 30; // that a call may take
const here = location.pathname.split("/").pop();
const id = new URLSearchParams(location.search).get("agent");
const base = new URLSearchParams(location.search).get("base");
const prompt = new URLSearchParams(location.search).get("prompt");
const version = new URLSearchParams(location.search).get("version") ?? "";

/** By page, the calls that it begins with. */
const FIRST = {
  "": [["agents", "overview", {}]],
  bases: base ? [["bases", "base", { id: base }]] : [["bases", "overview", {}]],
  deleted: [["deleted", "overview", {}]],
  prompts: prompt ? [["prompts", "template", { id: prompt }]] : [["prompts", "overview", {}]],
  models: [["models", "overview", {}], ["models", "list_secrets", {}]],
  safety: [["safety", "overview", {}], ["safety", "decisions", {}]],
  privacy: [["privacy", "overview", {}]],
  limits: [["limits", "overview", {}]],
  security: [["security", "overview", {}]],
  backups: [["backups", "overview", {}]],
  build: id ? [["build", "open_agent", { id }], ["build", "choices", { lang }]] : [["build", "names", {}]],
  play: id ? [["play", "agent", { id, version }]] : [["play", "names", {}]],
  tests: id ? [["tests", "overview", { id, lang }]] : [["tests", "names", {}]],
  publish: id ? [["publish", "overview", { agent: id }]] : [["publish", "names", {}]],
};

const asked = new Map();

/** The response to an action of that page. */
export function post(page, body, signal = AbortSignal.timeout(SECONDS * 1000)) {
  const found = asked.get(page + body); // given once: the next time things are others
  asked.delete(page + body);
  return found ?? fetch(at(`click/${page}`), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    signal,
  });
}

const isDeeper = document.querySelector('meta[name="hy-root"]'); // a page of the insights, which is not one of these
for (const [page, action, args] of isDeeper ? [] : FIRST[here] ?? []) {
  const body = JSON.stringify({ action, args });
  const response = post(page, body);
  response.catch(() => {}); // whoever asks for it is told
  asked.set(page + body, response);
}
