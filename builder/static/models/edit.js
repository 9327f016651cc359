// Adding a model, or changing one.

import { button, callout, h } from "../common/dom.js";
import { dialog, toast } from "../common/overlay.js";
import { say, t } from "../common/texts.js";

/**
 * Choose a provider, paste a key: asked for one word, so that one knows whether it works, then saved.
 * `taken`: the names that are in use, which a new one must not have.
 */
export function editor(call, providers, endpoint, taken, done) {
  const fresh = !endpoint.name;
  let provider = providers.find((one) => one.id === endpoint.provider) || providers[0];
  const name = input("model-name", endpoint.name || "");
  const key = input("model-key", "", "password");
  const base = input("model-base", endpoint.api_base || "");
  const models = input("model-models", (endpoint.models || []).join(", "));
  const suggestions = h("div", { class: "hy-row" });
  const keyHint = h("div", { class: "hint" });
  const baseHint = h("div", { class: "hint" });
  const baseField = field("model-base", t("models.base"), base, baseHint);
  const keyField = field("model-key", t("models.key"), key, keyHint);
  const rare = h(
    "details",
    { class: "hy-more" },
    h("summary", {}, t("common.more")),
    h(
      "div",
      { class: "hy-stack" },
      fresh && field("model-name", t("models.name"), name, t("models.name.hint")),
    ),
  );
  const result = h("div", { "aria-live": "assertive" });
  const grid = h("div", { class: "hy-starters compact", role: "group", "aria-label": t("models.provider") });

  const choose = (chosen) => {
    provider = chosen;
    if (fresh) name.value = freeName(chosen.id, taken);
    for (const [i, node] of [...grid.children].entries()) {
      node.classList.toggle("chosen", providers[i] === chosen);
      node.setAttribute("aria-pressed", String(providers[i] === chosen));
    }
    base.placeholder = chosen.api_base || (chosen.needs_base ? "https://…/v1" : t("models.base.own"));
    baseHint.textContent = t(chosen.needs_base ? "models.base.needed" : "models.base.hint");
    // What must be filled in is not looked for under "more".
    if (chosen.needs_base) keyField.before(baseField);
    else rare.lastChild.prepend(baseField);
    rare.open = !chosen.needs_base && Boolean(endpoint.api_base);
    rare.hidden = !fresh && chosen.needs_base;
    key.placeholder = endpoint.has_key ? t("models.key.kept") : chosen.needs_key ? "sk-…" : t("models.key.optional");
    keyHint.replaceChildren(
      ...(chosen.key_url
        ? [
          t("models.key.get"),
          h("a", { href: chosen.key_url, target: "_blank", rel: "noreferrer" }, new URL(chosen.key_url).host),
        ]
        : [t("models.key.sealed")]),
    );
    suggestions.replaceChildren(
      ...chosen.models.map((model) => button(model, { onclick: () => addModel(model) })),
    );
    models.placeholder = chosen.models[0] || t("models.models.placeholder");
    if (fresh) models.value = chosen.models[0] || "";
  };
  const addModel = (model) => {
    const now = chosenModels(models);
    if (!now.includes(model)) models.value = [...now, model].join(", ");
  };
  const given = () => ({
    name: name.value.trim(),
    provider: provider.id,
    api_key: key.value.trim(),
    api_base: base.value.trim(),
    models: chosenModels(models),
    fresh,
  });
  const show = (box) => {
    result.replaceChildren(box);
    result.scrollIntoView({ block: "nearest" });
  };
  const refused = (answer) => {
    show(callout("bad", say(answer.text)));
    const node = { name, api_key: key, api_base: base, models }[answer.field];
    if (!node) return;
    if (rare.contains(node)) rare.open = true;
    node.setAttribute("aria-invalid", "true");
    node.focus();
  };
  const keep = async (sentence) => {
    const answer = await call("set_up", given());
    if (!answer.ok) return refused(answer);
    shown.close();
    toast(sentence || say(answer.text));
    done();
  };
  const save = async () => {
    show(callout("", t("models.asking"), t("models.asking.hint")));
    const tried = await call("try_out", given(), { seconds: 90 });
    if (tried.ok) return keep(say(tried.text));
    if (tried.code === "BadSettings") return refused(tried);
    const anyway = button(t("models.anyway"), { id: "save-anyway", onclick: () => keep() });
    show(callout("bad", t("models.not_working"), say(tried.text), anyway));
  };

  grid.append(
    ...providers.map((one) =>
      h("button", {
        type: "button",
        class: "hy-starter",
        "data-testid": `provider-${one.id}`,
        onclick: () => choose(one),
      }, h("span", {}, h("b", {}, say(one.title))))
    ),
  );
  const body = h(
    "div",
    { class: "hy-stack" },
    fresh && h("div", { class: "hy-field" }, h("div", { class: "label" }, t("models.provider")), grid),
    keyField,
    h(
      "div",
      { class: "hy-field" },
      h("label", { for: "model-models" }, t("models.models")),
      models,
      suggestions,
      h("div", { class: "hint" }, t("models.models.hint")),
    ),
    rare,
    result,
  );
  choose(provider);
  const go = button(t("models.save"), { look: "primary", id: "save-model", onclick: save });
  body.addEventListener("keydown", (event) => event.key === "Enter" && event.target.matches("input") && go.click());
  body.addEventListener("input", (event) => event.target.removeAttribute("aria-invalid"));
  const shown = dialog(fresh ? t("models.add") : t("models.edit", { name: endpoint.name }), body, [
    button(t("common.cancel"), { onclick: () => shown.close() }),
    go,
  ], { wide: true, id: "model-dialog" });
  if (fresh) key.focus();
}

function freeName(wanted, taken) {
  let name = wanted;
  for (let n = 2; taken.includes(name); n++) name = `${wanted}_${n}`;
  return name;
}

const chosenModels = (node) => node.value.split(/[,，\s]+/).filter(Boolean);

function input(id, value, type = "text") {
  const node = h("input", {
    type,
    class: "hy-input",
    id,
    "data-testid": id,
    autocomplete: type === "password" ? "new-password" : "off",
    spellcheck: "false",
  });
  node.value = value;
  return node;
}

function field(id, label, node, hint) {
  return h(
    "div",
    { class: "hy-field" },
    h("label", { for: id }, label),
    node,
    typeof hint === "string" ? h("div", { class: "hint" }, hint) : hint,
  );
}
