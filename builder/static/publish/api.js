// The agent as an API: keys, and what to send.

import { button, callout, empty, h } from "../common/dom.js";
import { confirmed, copyButton, dialog } from "../common/overlay.js";
import { takeBack, versions } from "./versions.js";
import { told } from "../common/server.js";
import { ago, t } from "../common/texts.js";

export function apiCard(context) {
  if (!context.publication) return open(context);
  const { call, agent, seen, redraw } = context;
  const base = seen.public_url || location.origin;
  const create = async () => {
    const made = told(await call("create_key", { agent }));
    if (made) showOnce(made.key, redraw);
  };
  const revoke = (key) => async () => {
    if (
      !(await confirmed(t("api.revoke.title", { prefix: key.prefix }), t("api.revoke.hint"), t("api.revoke")))
    ) return;
    if (told(await call("revoke_key", { id: key.id }))) redraw();
  };
  const line = (key) =>
    h(
      "div",
      { class: "line", "data-testid": "api-key" },
      h(
        "div",
        { class: "grow" },
        h("code", {}, `${key.prefix}…`),
        h("p", { class: "faint" }, [t("api.created", { when: ago(key.created_at) }), ...limits(key)].join(" · ")),
      ),
      button(t("api.revoke"), { look: "danger", id: "revoke-key", onclick: revoke(key) }),
    );
  const creator = button(t("api.create"), {
    look: "primary",
    name: "plus",
    id: "create-key",
    onclick: create,
  });
  return h(
    "div",
    { class: "hy-stack" },
    h(
      "section",
      { class: "hy-card" },
      h(
        "header",
        {},
        h("div", {}, h("h2", {}, t("api.keys")), h("p", {}, t("api.keys.hint"))),
        seen.keys.length > 0 && creator,
      ),
      seen.keys.length
        ? h("div", { class: "hy-table" }, seen.keys.map(line))
        : empty("key", t("api.none"), t("api.none.hint"), creator),
    ),
    example("api.chat", chat(base)),
    example("api.openai", openai(base, agent)),
    versions(context),
    takeBack(context),
  );
}

function limits(key) {
  return Object.entries(key.limits).filter(([, most]) => most).map(([name, most]) =>
    t(`api.limit.${name}`, { most: most.toLocaleString() })
  );
}

function open({ call, agent, channel, redraw }) {
  const go = async () => told(await call("go_live", { agent, channel: channel.name, given: {} })) && redraw();
  return h(
    "section",
    { class: "hy-card" },
    empty(
      "code",
      t("api.open"),
      t("api.open.hint"),
      button(t("api.open.go"), { look: "primary", name: "send", id: "go-live", onclick: go }),
    ),
  );
}

function showOnce(key, done) {
  const body = h(
    "div",
    { class: "hy-stack" },
    callout("warn", t("api.once.title"), t("api.once.hint")),
    h("div", { class: "hy-copy", "data-testid": "new-key" }, h("code", {}, key), copyButton(() => key)),
  );
  const shown = dialog(t("api.once"), body, [
    button(t("api.once.done"), { look: "primary", id: "key-done", onclick: () => shown.close() }),
  ]);
  shown.node.addEventListener("close", done);
}

function example(key, code) {
  return h(
    "section",
    { class: "hy-card" },
    h("header", {}, h("div", {}, h("h2", {}, t(key)), h("p", {}, t(`${key}.hint`))), copyButton(() => code)),
    h("pre", { class: "hy-pre" }, code),
  );
}

const chat = (base) =>
  `curl ${base}/agent/chat \\
  -H "Authorization: Bearer hy-…" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify({ input: t("api.question"), context_id: "u-1" })}'`;

const openai = (base, agent) =>
  `curl ${base}/v1/chat/completions \\
  -H "Authorization: Bearer hy-…" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify({ model: agent, messages: [{ role: "user", content: t("api.question") }] })}'`;
