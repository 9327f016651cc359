// Shown where a page needs an agent and the address names none.

import { empty, h, link } from "./dom.js";
import { load } from "./old_load.js";
import { href } from "./server.js";
import { t } from "./texts.js";

export async function pickAgent(element, call, page) {
  const agents = await load(element, call, "names");
  const body = agents.length
    ? [
      h(
        "div",
        { class: "hy-head" },
        h("div", {}, h("h1", {}, t("pick.title")), h("p", {}, t(`pick.${page}`))),
      ),
      h(
        "div",
        { class: "hy-starters" },
        agents.map((agent) =>
          h(
            "a",
            { class: "hy-starter", href: href(page, agent.id) },
            h("span", { class: "hy-starter-icon" }, [...agent.name][0]),
            h("span", {}, h("b", {}, agent.name), h("span", { class: "soft" }, agent.description)),
          )
        ),
      ),
    ]
    : [
      h(
        "section",
        { class: "hy-card" },
        empty(
          "spark",
          t("pick.none"),
          t("pick.none.hint"),
          link(t("agents.new"), "./", { look: "primary", name: "plus" }),
        ),
      ),
    ];
  element.replaceChildren(h("div", { class: "hy-page" }, body));
}
