// The two ways to a new agent: from a starter, or from a file.

import { button, callout, h } from "../common/dom.js";
import { dialog } from "../common/overlay.js";
import { askForSecrets } from "../common/secrets.js";
import { href, told } from "../common/server.js";
import { starterCard } from "./starter.js";
import { lang, pairOf, say, t } from "../common/texts.js";

export function creator(call, starters) {
  const name = h("input", {
    type: "text",
    class: "hy-input",
    id: "new-name",
    placeholder: t("new.name.placeholder"),
    "data-testid": "new-name",
  });
  const start = (starter) => async () => {
    const made = told(
      await call("create", {
        starter: starter.id,
        name: name.value.trim() || (starter.id ? say(starter.name) : t("new.blank.name")),
        lang,
      }),
    );
    if (made) location.assign(href("build", made.id));
  };
  const blank = { id: "", name: pairOf("new.blank.title"), description: pairOf("new.blank.hint") };
  const body = h(
    "div",
    { class: "hy-stack" },
    h(
      "div",
      { class: "hy-field" },
      h(
        "label",
        { for: "new-name" },
        t("agents.name"),
        h("span", { class: "optional" }, t("common.optional")),
      ),
      name,
      h("div", { class: "hint" }, t("new.name.hint")),
    ),
    h("h3", {}, t("new.from")),
    h(
      "div",
      { class: "hy-starters" },
      [...starters, blank].map((starter) => starterCard(starter, start(starter))),
    ),
  );
  dialog(t("agents.new"), body, [], { wide: true, id: "new-dialog" });
  name.focus();
}

export function importer(call, done) {
  const text = h("textarea", {
    class: "hy-input code",
    rows: 12,
    id: "import-text",
    spellcheck: "false",
    placeholder: t("import.placeholder"),
    "data-testid": "import-text",
  });
  const file = h("input", {
    type: "file",
    accept: ".json,application/json",
    class: "hy-offscreen",
    "data-testid": "import-file",
    tabIndex: -1,
  });
  const trouble = h("div", { "aria-live": "polite" });
  const bring = async () => {
    const answer = await call("import_", { text: text.value });
    if (!answer.ok) return trouble.replaceChildren(callout("bad", t("import.failed"), say(answer.text)));
    told(answer);
    shown.close();
    if (answer.value.secrets.length) askForSecrets(call, answer.value.secrets, done);
    done();
  };
  file.addEventListener("change", async () => {
    if (!file.files.length) return;
    text.value = await file.files[0].text();
    await bring();
    file.value = "";
  });
  const body = h(
    "div",
    { class: "hy-stack" },
    h(
      "div",
      { class: "hy-row" },
      button(t("import.choose"), { name: "upload", onclick: () => file.click() }),
      h("span", { class: "soft" }, t("import.or")),
      file,
    ),
    h("div", { class: "hy-field" }, h("label", { for: "import-text" }, t("import.text")), text),
    trouble,
  );
  const shown = dialog(t("agents.import"), body, [
    button(t("common.cancel"), { onclick: () => shown.close() }),
    button(t("import.do"), { look: "primary", id: "import-do", onclick: bring }),
  ], { wide: true, id: "import-dialog" });
}
