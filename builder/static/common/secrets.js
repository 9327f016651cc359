// Secrets that agents name as {{ secret.name }}: set, never shown again; and asking for those that a new agent needs.

import { button, callout, h, icon, pill } from "./dom.js";
import { confirmed, dialog } from "./overlay.js";
import { told } from "./server.js";
import { ago, say, t } from "./texts.js";

/** The card on the Models page. */
export function secretsCard(call) {
  const body = h("div", { class: "hy-table" });
  const draw = async () => {
    const answer = await call("list_secrets");
    if (!answer.ok) return body.replaceChildren(callout("bad", say(answer.text)));
    const lines = answer.value.map((one) => line(call, one, draw));
    body.replaceChildren(...(lines.length ? lines : [h("p", { class: "soft" }, t("secrets.none"))]));
  };
  draw();
  const add = () => secretDialog(call, { name: "", hosts: [] }, draw);
  return h(
    "section",
    { class: "hy-card", "data-testid": "secrets" },
    h(
      "header",
      {},
      h("div", {}, h("h2", {}, t("secrets.title")), h("p", {}, t("secrets.hint"))),
      button(t("secrets.add"), { name: "plus", id: "add-secret", onclick: add }),
    ),
    body,
  );
}

function line(call, secret, redraw) {
  const remove = async () => {
    const { name } = secret;
    if (
      !(await confirmed(t("secrets.remove.title", { name }), t("secrets.remove.hint"), t("common.remove")))
    ) return;
    if (told(await call("remove_secret", { name }))) redraw();
  };
  const users = secret.used_by.map((agent) => agent.name).join("、");
  return h(
    "div",
    { class: "line", "data-testid": `secret-${secret.name}` },
    h(
      "div",
      { class: "grow" },
      h(
        "div",
        { class: "hy-row" },
        h("h3", {}, h("code", {}, secret.name)),
        !secret.set && pill(t("secrets.missing"), "warn"),
      ),
      h("p", { class: "soft" }, users ? t("secrets.used_by", { names: users }) : t("secrets.unused")),
      secret.set && h("p", { class: "faint" }, whereTo(secret.hosts), " · ", ago(secret.at)),
    ),
    h(
      "div",
      { class: "hy-row" },
      button(secret.set ? t("secrets.replace") : t("secrets.set"), {
        id: "set-secret",
        onclick: () => secretDialog(call, secret, redraw),
      }),
      secret.set && button("", {
        name: "trash",
        look: "quiet icon",
        title: t("common.remove"),
        id: "remove-secret",
        onclick: remove,
      }),
    ),
  );
}

const whereTo = (hosts) => (hosts.length ? t("secrets.only", { hosts: hosts.join("、") }) : t("secrets.anywhere"));

function secretDialog(call, secret, done) {
  const fields = secretFields(secret);
  const save = async () => {
    if (await fields.save(call)) shown.close(), done();
  };
  const shown = dialog(t("secrets.add"), fields.root, [
    button(t("common.cancel"), { onclick: () => shown.close() }),
    button(t("common.save"), { look: "primary", id: "secret-save", onclick: save }),
  ], { id: "secret-dialog" });
  fields.focus();
}

/** Name (unless it is given), value and hosts; `save` tells what is wrong at its field. */
function secretFields(secret) {
  const id = secret.name || "new";
  const input = (name, value, type = "text") => {
    const node = h("input", {
      type,
      class: "hy-input",
      id: `secret-${name}-${id}`,
      "data-testid": `secret-${name}`,
      autocomplete: type === "password" ? "new-password" : "off",
      spellcheck: "false",
    });
    node.value = value;
    return node;
  };
  const nodes = {
    name: input("name", secret.name),
    value: input("value", "", "password"),
    hosts: input("hosts", secret.hosts.join(", ")),
  };
  const wrong = Object.fromEntries(
    Object.keys(nodes).map((name) => [name, h("div", { class: "wrong", role: "alert", hidden: true })]),
  );
  const field = (name) =>
    h(
      "div",
      { class: "hy-field" },
      h("label", { for: nodes[name].id }, t(`secrets.field.${name}`)),
      nodes[name],
      h("div", { class: "hint" }, t(`secrets.field.${name}.hint`)),
      wrong[name],
    );
  const save = async (call) => {
    for (const node of Object.values(wrong)) node.hidden = true;
    const hosts = nodes.hosts.value.split(/[\s,，、]+/).filter(Boolean);
    const answer = await call("set_secret", { name: nodes.name.value, value: nodes.value.value, hosts });
    const place = wrong[answer.field];
    if (answer.ok || !place) return told(answer);
    place.hidden = false;
    place.replaceChildren(icon("warn", 14), say(answer.text));
    return null;
  };
  return {
    root: h("div", { class: "hy-stack" }, !secret.name && field("name"), field("value"), field("hosts")),
    focus: () => (secret.name ? nodes.value : nodes.name).focus(),
    save,
  };
}

/** After an agent came from elsewhere: what it will send where, and the secrets that it still needs. */
export function askForSecrets(call, asked, done) {
  const needed = asked.filter((one) => !one.set);
  const forms = needed.map((one) => ({ one, fields: secretFields(one) }));
  const where = ({ hosts }) => hosts.join("、") || t("secrets.variable_host");
  const save = async () => {
    for (const { fields } of forms) if (!(await fields.save(call))) return;
    shown.close();
  };
  const body = h(
    "div",
    { class: "hy-stack", "data-testid": "secrets-asked" },
    asked.filter((one) => one.set).map((one) =>
      callout("warn", t("secrets.will_send", { name: one.name, hosts: where(one) }), t("secrets.will_send.hint"))
    ),
    forms.map(({ one, fields }) =>
      h("section", {}, h("h3", {}, t("secrets.needs", { name: one.name, hosts: where(one) })), fields.root)
    ),
  );
  const shown = dialog(t("secrets.asked"), body, [
    button(t("secrets.later"), { onclick: () => shown.close() }),
    ...(forms.length ? [button(t("common.save"), { look: "primary", id: "secrets-save", onclick: save })] : []),
  ], { id: "secrets-dialog" });
  shown.node.addEventListener("close", done);
}
