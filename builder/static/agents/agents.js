// The gallery: every agent as a card, new ones from starters.

import { button, callout, empty, h, initial, link, pill } from "../common/dom.js";
import { creator, importer } from "./new.js";
import { load } from "../common/load.js";
import { caller, href, told } from "../common/server.js";
import { confirmed, dialog, download, menu, toast } from "../common/overlay.js";
import { starterCard } from "./starter.js";
import { ago, lang, say, t } from "../common/texts.js";

export function mount({ element, page }) {
  const call = caller(page);

  async function draw() {
    const { agents, broken, starters, restored, model_ready: modelReady } = await load(element, call, "overview");
    const create = () => creator(call, starters);
    const bring = () => importer(call, draw);
    element.replaceChildren(
      h(
        "div",
        { class: "hy-page" },
        h(
          "div",
          { class: "hy-head" },
          h("div", {}, h("h1", {}, t("agents.title")), h("p", {}, t("agents.subtitle"))),
          h(
            "div",
            { class: "hy-row" },
            button(t("agents.import"), { name: "upload", id: "import", onclick: bring }),
            button(t("agents.new"), { look: "primary", name: "plus", id: "new", onclick: create }),
          ),
        ),
        restored > 0 && heldBack(restored),
        !modelReady &&
          callout(
            "accent",
            t("agents.demo.title"),
            t("agents.demo.hint"),
            link(t("agents.demo.action"), "./models"),
          ),
        broken.length > 0 && brokenFiles(broken),
        agents.length > 0
          ? h("div", { class: "hy-cards" }, agents.map((agent) => card(agent)))
          : welcome(starters, create, bring),
      ),
    );
  }

  /** Messages of a backup or a copied folder: somebody may have answered them since. */
  function heldBack(n) {
    const then = (action) => async () => {
      const answer = await call(action);
      if (!answer.ok) return told(answer);
      toast(say(answer.text));
      draw();
    };
    return callout(
      "warn",
      t("agents.restored.title", { n }),
      t("agents.restored.hint"),
      button(t("agents.restored.drop"), { id: "drop-restored", onclick: then("drop") }),
      button(t("agents.restored.release"), { id: "release-restored", onclick: then("release") }),
    );
  }

  function welcome(starters, create, bring) {
    return h(
      "section",
      { class: "hy-card" },
      empty(
        "spark",
        t("agents.empty.title"),
        t("agents.empty.hint"),
        button(t("agents.new"), { look: "primary", name: "plus", onclick: create }),
        button(t("agents.import"), { name: "upload", onclick: bring }),
      ),
      h(
        "div",
        { class: "hy-starters" },
        starters.map((starter) => starterCard(starter, () => start(starter))),
      ),
    );
  }

  async function start(starter) {
    const made = told(await call("create", { starter: starter.id, name: say(starter.name), lang }));
    if (made) location.assign(href("build", made.id));
  }

  function card(agent) {
    const open = href("build", agent.id);
    return h(
      "article",
      { class: "hy-card hy-agent", "data-testid": `agent-${agent.id}` },
      h(
        "header",
        {},
        h(
          "a",
          { class: "hy-agent-mark", href: open, tabIndex: -1, "aria-hidden": "true" },
          initial(agent.name),
        ),
        h("h3", {}, h("a", { href: open }, agent.name)),
        more(agent),
      ),
      h("p", { class: "hy-agent-about" }, agent.description || t("agents.no_description")),
      h("footer", {}, state(agent), h("span", { class: "faint" }, agent.updated ? ago(agent.updated) : "")),
      h(
        "div",
        { class: "hy-agent-actions" },
        link(t("nav.build"), open, { name: "pencil" }),
        link(t("nav.play"), href("play", agent.id), { name: "chat" }),
        link(t("nav.publish"), href("publish", agent.id), { name: "send" }),
      ),
    );
  }

  function more(agent) {
    return menu(t("agents.more", { name: agent.name }), [
      { label: t("agents.rename"), name: "pencil", id: "rename", onclick: () => rename(agent) },
      { label: t("agents.duplicate"), name: "copy", id: "duplicate", onclick: () => duplicate(agent) },
      { label: t("agents.export"), name: "download", id: "export", onclick: () => save(agent) },
      { label: t("agents.delete"), name: "trash", id: "delete", danger: true, onclick: () => remove(agent) },
    ]);
  }

  async function duplicate(agent) {
    if (told(await call("duplicate", { id: agent.id }))) draw();
  }

  async function save(agent) {
    const file = told(await call("export", { id: agent.id }));
    if (file) download(file.name, file.text);
  }

  async function remove(agent) {
    if (
      agent.published &&
      !(await confirmed(
        t("agents.delete.live.title", { name: agent.name }),
        t("agents.delete.live.hint"),
        t("agents.delete"),
      ))
    ) return;
    const answer = await call("delete", { id: agent.id });
    if (!answer.ok) return told(answer);
    draw();
    toast(say(answer.text), {
      action: {
        label: t("common.undo"),
        onclick: async () => told(await call("restore", { token: answer.value.token })) && draw(),
      },
    });
  }

  function rename(agent) {
    const input = h("input", {
      type: "text",
      class: "hy-input",
      id: "rename-input",
      "data-testid": "rename-input",
    });
    input.value = agent.name;
    const done = async () => {
      if (!told(await call("rename", { id: agent.id, name: input.value }))) return;
      shown.close();
      draw();
    };
    const shown = dialog(
      t("agents.rename"),
      h("div", { class: "hy-field" }, h("label", { for: "rename-input" }, t("agents.name")), input),
      [
        button(t("common.cancel"), { onclick: () => shown.close() }),
        button(t("common.save"), { look: "primary", id: "rename-save", onclick: done }),
      ],
    );
    input.addEventListener("keydown", (event) => event.key === "Enter" && done());
    input.select();
  }

  draw();
}

function state(agent) {
  if (agent.draft) return pill(t("state.unsaved_draft"), "warn");
  if (!agent.published) return pill(t("state.draft"));
  return agent.changed
    ? pill(t("state.changed", { version: agent.version }), "accent")
    : pill(t("state.published", { version: agent.version }), "ok");
}

function brokenFiles(broken) {
  return h(
    "section",
    { class: "hy-stack tight", "aria-label": t("agents.broken.title") },
    broken.map((file) => callout("bad", t("agents.broken.one", { name: file.name }), say(file.reason))),
  );
}
