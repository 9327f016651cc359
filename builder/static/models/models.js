// The models that are set up, and adding one.

import { button, callout, empty, h, pill } from "../common/dom.js";
import { load } from "../common/load.js";
import { editor } from "./edit.js";
import { secretsCard } from "../common/secrets.js";
import { caller, told } from "../common/server.js";
import { confirmed } from "../common/overlay.js";
import { say, t } from "../common/texts.js";

/** With the name that tells it from others of the same provider. */
const titleOf = ({ title, name, provider }) => (name === provider ? say(title) : `${say(title)} · ${name}`);

export function mount({ element, page }) {
  const call = caller(page);

  async function draw() {
    const { endpoints, providers, default_model: chosen } = await load(element, call, "overview");
    const taken = endpoints.map((endpoint) => endpoint.name);
    const add = () => editor(call, providers, {}, taken, draw);
    element.replaceChildren(
      h(
        "div",
        { class: "hy-page" },
        h(
          "div",
          { class: "hy-head" },
          h("div", {}, h("h1", {}, t("models.title")), h("p", {}, t("models.subtitle"))),
          button(t("models.add"), { look: "primary", name: "plus", id: "add-model", onclick: add }),
        ),
        endpoints.length ? [defaultCard(endpoints, chosen), list(endpoints, providers, chosen)] : h(
          "section",
          { class: "hy-card" },
          empty(
            "spark",
            t("models.empty.title"),
            t("models.empty.hint"),
            button(t("models.add"), { look: "primary", name: "plus", onclick: add }),
          ),
        ),
        secretsCard(call),
      ),
    );
  }

  function defaultCard(endpoints, chosen) {
    const all = endpoints.flatMap((endpoint) => endpoint.models.map((model) => `${endpoint.name}/${model}`));
    if (chosen && !all.includes(chosen)) all.unshift(chosen);
    const select = h(
      "select",
      {
        class: "hy-input",
        id: "default-model",
        "data-testid": "default-model",
        onchange: async () => told(await call("make_default", { model: select.value })) && draw(),
      },
      !chosen && h("option", { value: "" }, t("models.default.none")),
      all.map((model) => h("option", { value: model, selected: model === chosen }, model)),
    );
    return h(
      "section",
      { class: "hy-card" },
      h(
        "div",
        { class: "hy-field" },
        h("label", { for: "default-model" }, t("models.default")),
        select,
        h("div", { class: "hint" }, t("models.default.hint")),
      ),
    );
  }

  function list(endpoints, providers, chosen) {
    return h(
      "section",
      { class: "hy-card" },
      h("div", { class: "hy-table" }, endpoints.map((endpoint) => line(endpoint, providers, chosen))),
    );
  }

  function line(endpoint, providers, chosen) {
    const result = h("div", { class: "hy-line-result", "aria-live": "polite" });
    const test = async () => {
      result.replaceChildren(callout("", t("models.asking"), t("models.asking.hint")));
      const answer = await call("test", { name: endpoint.name }, { seconds: 90 });
      result.replaceChildren(callout(answer.ok ? "ok" : "bad", say(answer.text)));
    };
    const remove = async () => {
      if (
        !(await confirmed(
          t("models.remove.title", { name: endpoint.name }),
          t("models.remove.hint"),
          t("common.remove"),
        ))
      ) return;
      if (told(await call("remove", { name: endpoint.name }))) draw();
    };
    const isDefault = chosen.startsWith(endpoint.name + "/");
    return h(
      "div",
      { class: "line", "data-testid": `endpoint-${endpoint.name}` },
      h(
        "div",
        { class: "grow" },
        h(
          "div",
          { class: "hy-row" },
          h("h3", {}, titleOf(endpoint)),
          isDefault && pill(t("models.is_default"), "accent"),
          !endpoint.has_key && endpoint.needs_key && pill(t("models.no_key"), "warn"),
        ),
        h(
          "p",
          { class: "soft" },
          h(
            "code",
            {},
            endpoint.models.map((model) => `${endpoint.name}/${model}`).join("  ·  ") || `${endpoint.name}/…`,
          ),
        ),
        endpoint.api_base && h("p", { class: "faint" }, endpoint.api_base),
      ),
      h(
        "div",
        { class: "hy-row" },
        button(t("models.test"), { id: "test-model", onclick: test }),
        button(t("common.edit"), { onclick: () => editor(call, providers, endpoint, [], draw) }),
        button("", {
          name: "trash",
          look: "quiet icon",
          title: t("common.remove"),
          id: "remove-model",
          onclick: remove,
        }),
      ),
      result,
    );
  }

  draw();
}
