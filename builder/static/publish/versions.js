// What is live, what was before, and taking it back.

import { button, h, pill } from "../common/dom.js";
import { confirmed } from "../common/overlay.js";
import { told } from "../common/server.js";
import { ago, t } from "../common/texts.js";

export function versions({ call, agent, channel, publication, redraw }) {
  const again = async () =>
    told(await call("go_live", { agent, channel: channel.name, given: {}, publication: publication.id })) && redraw();
  const use = (number) => async () => {
    if (
      !(await confirmed(
        t("versions.use.title", { number }),
        t("versions.use.hint"),
        t("versions.use", { number }),
      ))
    ) return;
    if (told(await call("use_version", { publication: publication.id, number }))) redraw();
  };
  const line = (one) =>
    h(
      "div",
      { class: "line", "data-testid": `version-${one.number}` },
      h(
        "div",
        { class: "grow" },
        h(
          "div",
          { class: "hy-row" },
          h("b", {}, `v${one.number}`),
          one.number === publication.version && pill(t("versions.live"), "ok"),
          h("span", { class: "faint" }, ago(one.at)),
        ),
        one.note && h("p", { class: "soft" }, one.note),
      ),
      one.number !== publication.version &&
        button(t("versions.roll"), { id: "roll-back", onclick: use(one.number) }),
    );
  return h(
    "section",
    { class: "hy-card" },
    h(
      "header",
      {},
      h(
        "div",
        {},
        h("h2", {}, t("versions.title")),
        h("p", {}, publication.changed ? t("versions.changed") : t("versions.same")),
      ),
      button(t("versions.again"), {
        look: publication.changed ? "primary" : "",
        name: "send",
        id: "publish-again",
        onclick: again,
      }),
    ),
    h("div", { class: "hy-table" }, publication.versions.map(line)),
  );
}

export function takeBack({ call, publication, redraw }) {
  const take = async () => {
    if (!(await confirmed(t("unpublish.title"), t("unpublish.hint"), t("unpublish")))) return;
    if (told(await call("take_back", { publication: publication.id }))) redraw();
  };
  return h(
    "section",
    { class: "hy-card hy-row apart" },
    h("div", {}, h("h3", {}, t("unpublish")), h("p", { class: "soft" }, t("unpublish.short"))),
    button(t("unpublish"), { look: "danger", id: "unpublish", onclick: take }),
  );
}
