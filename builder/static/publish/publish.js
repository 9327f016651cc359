// Publish an agent: choose where, connect, watch it come alive.

import { apiCard } from "./api.js";
import { button, callout, h, icon, link, pill } from "../common/dom.js";
import { load } from "../common/old_load.js";
import { channelCard } from "./channel.js";
import { onServer } from "./server.js";
import { pickAgent } from "../common/pick_agent.js";
import { agentId, caller, href } from "../common/server.js";
import { say, t } from "../common/texts.js";

export function mount({ element, page }) {
  const call = caller(page);
  const agent = agentId();
  if (!agent) return pickAgent(element, call, "publish");
  let chosen = "";
  let account = ""; // of several publications on one channel; NEW: another one is to be connected
  let stop = () => {};
  const place = onServer(call);

  async function draw() {
    stop();
    const seen = await load(element, call, "overview", { agent }, { more: [link(t("nav.agents"), "./")] });
    const there = (name) => seen.publications.filter((one) => one.channel === name);
    chosen ||= seen.channels[0].name;
    const mine = there(chosen);
    const live = account === NEW ? undefined : mine.find((one) => one.id === account) || mine[0];
    const context = { call, agent, seen, redraw: draw, onstop: (end) => (stop = end), onmoved: place.draw };
    const channel = seen.channels.find((one) => one.name === chosen);
    const shown = (channel.people ? channelCard : apiCard)({
      ...context,
      channel,
      publication: live,
    });
    const choose = (name) => () => ((chosen = name), (account = ""), draw());
    const turn = (id) => () => ((account = id), draw());
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
        live?.caution && callout("warn", say(live.caution.title), say(live.caution.hint)),
        h(
          "div",
          { class: "hy-channels", role: "group", "aria-label": t("publish.where") },
          seen.channels.map((one) => tile(one, there(one.name), choose(one.name))),
        ),
        channel.people && mine.length > 0 && accounts(mine, live, turn),
        shown,
        place.root,
      ),
    );
  }

  function tile({ name, title, hint, people }, published, onclick) {
    const [first] = published;
    const state = published.length > 1
      ? pill(t("state.accounts", { n: published.length }), published.every((one) => one.reached) ? "ok" : "warn")
      : first && stateOf(first);
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

const NEW = "new";

/** "Live" is what answers: not before the platform verified the address. */
const stateOf = ({ version, reached }) =>
  reached ? pill(t("state.live", { version }), "ok") : pill(t("state.awaited", { version }), "warn");

/** The accounts on which the agent answers, one of them shown below, and a way to another one. */
function accounts(mine, live, turn) {
  const one = (publication) =>
    h(
      "button",
      {
        type: "button",
        class: "hy-btn",
        "aria-pressed": String(publication === live),
        "data-testid": `account-${publication.account || publication.id}`,
        onclick: turn(publication.id),
      },
      h("span", {}, publication.account || publication.id),
      stateOf(publication),
    );
  return h(
    "div",
    { class: "hy-row", role: "group", "aria-label": t("publish.accounts") },
    mine.length > 1 && mine.map(one),
    live && button(t("publish.another"), { name: "plus", look: "quiet", id: "another-account", onclick: turn(NEW) }),
    !live && button(t("common.cancel"), { onclick: turn("") }),
  );
}
