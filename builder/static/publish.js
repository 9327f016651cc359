// Publish an agent: choose where, connect, watch it come alive.

import { apiCard } from "./publish_api.js";
import { callout, h, icon, link, pill } from "./dom.js";
import { load } from "./load.js";
import { channelCard } from "./publish_channel.js";
import { onServer } from "./publish_server.js";
import { pickAgent } from "./pick_agent.js";
import { agentId, caller, href } from "./server.js";
import { say, t } from "./texts.js";

export function mount({ element, page }) {
  const call = caller(page);
  const agent = agentId();
  if (!agent) return pickAgent(element, call, "publish");
  let chosen = "";
  let stop = () => {};
  const place = onServer(call);

  async function draw() {
    stop();
    const seen = await load(element, call, "overview", { agent }, { more: [link(t("nav.agents"), "./")] });
    const live = (name) => seen.publications.find((one) => one.channel === name);
    chosen ||= seen.channels[0].name;
    const context = { call, agent, seen, redraw: draw, onstop: (end) => (stop = end), onmoved: place.draw };
    const channel = seen.channels.find((one) => one.name === chosen);
    const shown = (channel.people ? channelCard : apiCard)({
      ...context,
      channel,
      publication: live(chosen),
    });
    const choose = (name) => () => ((chosen = name), draw());
    element.replaceChildren(
      h(
        "div",
        { class: "hy-page" },
        h(
          "div",
          { class: "hy-head" },
          h(
            "div",
            {},
            h("h1", {}, t("publish.title", { name: seen.agent.name })),
            h("p", {}, t("publish.subtitle")),
          ),
        ),
        seen.draft &&
          callout(
            "warn",
            t("publish.draft.title"),
            t("publish.draft.hint"),
            link(t("nav.build"), href("build")),
          ),
        seen.dead.map(({ id, text }) => callout("bad", t("publish.dead", { id }), say(text))),
        live(chosen)?.caution && callout("warn", t("publish.caution"), say(live(chosen).caution)),
        h(
          "div",
          { class: "hy-channels", role: "group", "aria-label": t("publish.where") },
          seen.channels.map((one) => tile(one, live(one.name), choose(one.name))),
        ),
        shown,
        place.root,
      ),
    );
  }

  function tile({ name, title, hint, people }, published, onclick) {
    const state = published && pill(t("state.live", { version: published.version }), "ok");
    return h(
      "button",
      {
        type: "button",
        class: `hy-starter hy-channel${chosen === name ? " chosen" : ""}`,
        "aria-pressed": String(chosen === name),
        "data-testid": `channel-${name}`,
        onclick,
      },
      h("span", { class: "hy-starter-icon" }, icon(people ? "chat" : "code", 18)),
      h(
        "span",
        {},
        h("span", { class: "hy-row" }, h("b", {}, say(title)), state),
        h("span", { class: "soft" }, say(hint)),
      ),
    );
  }

  draw();
}
