// The agent's settings: what it is called and knows, remembers, may spend and says.

import { button, h } from "../common/dom.js";
import { form, lines, under } from "../common/old_form.js";
import { say, t } from "../common/texts.js";

const BASIC = ["description", "language", "timezone"];

export function settingsView(build) {
  const { schema } = build.opened;
  const { autosave } = build;
  const forms = {};
  const nested = (name) => {
    const part = schema.properties[name].$ref?.split("/").pop() ||
      schema.properties[name].allOf?.[0]?.$ref.split("/").pop();
    forms[name] = form({ ...schema.$defs[part], $defs: schema.$defs }, autosave.data[name] || {}, {
      onchange: (values) => autosave.change({ [name]: { ...values } }),
      columns: name !== "texts",
      placeholders: textDefaults(name),
    });
    return forms[name].root;
  };
  forms[""] = form(schema, pick(autosave.data, BASIC), {
    only: BASIC,
    onchange: (values, name) => autosave.change({ [name]: values[name] }),
  });
  const lists = {
    suggestions: lines(autosave.data.suggestions || [], {
      label: t("settings.suggestion"),
      add: t("settings.suggestion.add"),
      most: 6,
      onchange: (items) => autosave.change({ suggestions: items.filter(Boolean) }),
    }),
    variables: variables(autosave),
  };
  const root = h(
    "div",
    { class: "hy-page hy-settings" },
    section("basic", forms[""].root),
    section("suggestions", lists.suggestions.root),
    section("variables", lists.variables.root),
    section("memory", nested("memory")),
    section("texts", nested("texts")),
    section("limits", nested("limits")),
  );
  const parts = { ...forms, ...lists };
  return { root, complain: (problems) => complain(parts, problems) };
}

/** Each problem under its field; what was corrected is no longer there. */
function complain(parts, problems) {
  for (const part of Object.values(parts)) part.clear();
  for (const { field, text, level } of problems) {
    const [head, ...rest] = field.split(".");
    if (level !== "error") continue;
    if (rest.length) parts[head]?.mark(...rest.slice(0, -1), rest.at(-1), say(text));
    else parts[""].mark(head, say(text));
  }
}

function section(name, body) {
  return h(
    "section",
    { class: "hy-card", "data-testid": `settings-${name}` },
    h("header", {}, h("div", {}, h("h2", {}, t(`settings.${name}`)), h("p", {}, t(`settings.${name}.hint`)))),
    body,
  );
}

function textDefaults(name) {
  return name === "texts"
    ? Object.fromEntries(
      ["greeting", "waiting", "busy", "failure", "slower", "unsupported"].map((
        key,
      ) => [key, t("settings.texts.default")]),
    )
    : {};
}

function variables(autosave) {
  let rows = (autosave.data.variables || []).map((one) => ({ name: "", title: "", default: "", ...one }));
  const root = h("div", { class: "hy-stack tight" });
  let wrong = [];
  const changed = () => autosave.change({ variables: rows.map((row) => ({ ...row })) });
  const draw = () => {
    wrong = [];
    const head = rows.length > 0 &&
      h(
        "div",
        { class: "hy-var head", "aria-hidden": "true" },
        h("span", {}, t("variables.name")),
        h("span", {}, t("variables.title")),
        h("span", {}, t("variables.default")),
        h("span", {}),
      );
    root.replaceChildren(
      ...[
        head,
        ...rows.map(row),
        h(
          "div",
          {},
          button(t("variables.add"), { name: "plus", look: "quiet", id: "add-variable", onclick: add }),
        ),
      ].filter(Boolean),
    );
  };
  const row = (one, i) =>
    h(
      "div",
      { class: "hy-var" },
      ["name", "title", "default"].map((key) => {
        const node = h(key === "default" ? "textarea" : "input", {
          type: key === "default" ? null : "text",
          rows: key === "default" ? 1 : null,
          class: `hy-input${key === "name" ? " code" : ""}`,
          "aria-label": t(`variables.${key}`),
          placeholder: t(`variables.${key}.example`),
          "data-testid": `variable-${key}-${i}`,
          oninput: () => ((one[key] = node.value), changed()),
        });
        node.value = one[key];
        const told = under(node);
        wrong[i] = { ...wrong[i], [key]: told };
        return h("div", { class: "hy-field" }, node, told.root);
      }),
      button("", {
        name: "close",
        look: "quiet icon",
        title: t("common.remove"),
        onclick: () => ((rows = rows.filter((other) => other !== one)), changed(), draw()),
      }),
    );
  const add = () => {
    rows.push({ name: freeName(rows), title: "", default: "" });
    changed();
    draw();
    root.querySelector(`[data-testid=variable-name-${rows.length - 1}]`).select();
  };
  draw();
  return {
    root,
    clear: () => wrong.flatMap(Object.values).forEach((one) => one.say("")),
    mark: (i, key, text) => wrong[i]?.[key]?.say(text),
  };
}

function freeName(rows) {
  let n = rows.length + 1;
  while (rows.some((row) => row.name === `value${n}`)) n += 1;
  return `value${n}`;
}

const pick = (data, names) =>
  Object.fromEntries(names.filter((name) => name in data).map((name) => [name, data[name]]));
