// One channel: its form before, its settings to copy and its live state after.

import { button, callout, h, icon, pill } from "../common/dom.js";
import { form } from "../common/old_form.js";
import { liveState } from "./state.js";
import { takeBack, versions } from "./versions.js";
import { copyButton } from "../common/overlay.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";

/** A sentence with the channel's own words in it. */
const of = ({ channel }, key, values = {}) => t(key, { ...named(channel), ...values });

const named = ({ words }) => Object.fromEntries(Object.entries(words).map(([name, text]) => [name, say(text)]));

export function channelCard(context) {
  const { publication } = context;
  if (!publication) return h("div", { class: "hy-stack" }, address(context), connect(context));
  return h(
    "div",
    { class: "hy-publish" },
    h(
      "div",
      { class: "hy-stack" },
      liveState(context),
      address(context),
      toCopy(context),
      versions(context),
      manage(context),
    ),
  );
}

/** Credentials in, a publication out; secrets are written and never shown again. */
function connect(context) {
  const { call, agent, channel, publication, redraw } = context;
  const secrets = publication?.secrets || [];
  const placeholders = Object.fromEntries(secrets.map((name) => [name, t("publish.kept")]));
  const guide = channel.guide;
  const hidden = guide?.rare || [];
  const common = channel.fields.filter((name) => !hidden.includes(name));
  const rare = channel.fields.filter((name) => hidden.includes(name));
  const given = { ...(publication?.settings || {}) };
  const main = form(channel.schema, given, { only: common, placeholders });
  const more = form(channel.schema, given, { only: rare });
  const trouble = h("div", { "aria-live": "assertive" });
  const go = async () => {
    const answer = await call("go_live", {
      agent,
      channel: channel.name,
      given: filled({ ...main.values, ...more.values }),
      publication: publication?.id || "",
    });
    trouble.replaceChildren();
    if (answer.ok) return told(answer), redraw();
    const shown = main.complain(answer.field, say(answer.text)) ||
      more.complain(answer.field, say(answer.text));
    if (!shown) trouble.replaceChildren(callout("bad", say(answer.text)));
  };
  return h(
    "section",
    { class: "hy-card" },
    h(
      "header",
      {},
      h("div", {}, h("h2", {}, guide ? say(guide.title) : say(channel.title)), h("p", {}, t("connect.hint"))),
    ),
    h(
      "div",
      { class: "hy-stack" },
      guide && callout("accent", t("connect.where.title"), say(guide.where)),
      main.root,
      guide?.advice.map((note) => callout("", say(note.title), say(note.hint))),
      rare.length > 0 && h("details", { class: "hy-more" }, h("summary", {}, t("common.more")), more.root),
      trouble,
      h(
        "div",
        {},
        button(publication ? t("connect.save") : t("connect.go"), {
          look: "primary",
          name: "send",
          id: "go-live",
          onclick: go,
        }),
      ),
    ),
  );
}

/** What was filled in; an empty secret keeps the stored one. */
const filled = (values) =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== "" && value !== null && value !== undefined),
  );

/** Where the world reaches us: asked for when the environment does not say. */
function address(context) {
  const { call, seen, publication, redraw, onmoved } = context;
  const known = seen.public_url;
  const input = h("input", {
    type: "url",
    class: "hy-input",
    id: "public-url",
    placeholder: "https://bot.example.com",
    "data-testid": "public-url",
    spellcheck: "false",
  });
  input.value = known;
  const wrong = h("div", { class: "wrong", hidden: true, role: "alert" });
  const save = async () => {
    const answer = await call("set_public_url", { url: input.value });
    wrong.hidden = answer.ok;
    if (!answer.ok) return wrong.replaceChildren(icon("warn", 14), say(answer.text));
    told(answer);
    seen.public_url = answer.value.public_url;
    onmoved();
    // What was typed into the form below must stay.
    if (publication) redraw();
    else root.replaceWith(address(context));
  };
  input.addEventListener("keydown", (event) => event.key === "Enter" && save());
  const field = h(
    "div",
    { class: "hy-field" },
    h("label", { for: "public-url" }, t("address.label")),
    h(
      "div",
      { class: "hy-list-row" },
      input,
      button(t("common.save"), { id: "public-url-save", onclick: save }),
    ),
    h("div", { class: "hint" }, t("address.hint")),
    wrong,
  );
  if (seen.fixed_url) return null;
  const root = known
    ? h("details", { class: "hy-more" }, h("summary", {}, t("address.known", { url: known })), field)
    : h(
      "section",
      { class: "hy-card" },
      h("header", {}, h("div", {}, h("h2", {}, of(context, "address.title")), h("p", {}, of(context, "address.why")))),
      h(
        "ul",
        { class: "hy-points" },
        [t("address.domain"), t("address.tunnel"), ports(context)].filter(Boolean).map((text) => h("li", {}, text)),
      ),
      field,
    );
  return root;
}

/** What of our address the platform calls; "" for anything. */
const ports = (context) =>
  context.channel.ports.length > 0 && of(context, "address.ports", { ports: context.channel.ports.join(" / ") });

/** In the order of the platform's own form, each with a copy button. */
function toCopy(context) {
  const { seen, channel, publication } = context;
  const { port } = new URL(seen.public_url || "http://localhost");
  const strange = port && channel.ports.length > 0 && !channel.ports.includes(Number(port));
  if (!publication.to_copy.length) return null;
  return h(
    "section",
    { class: "hy-card" },
    h("header", {}, h("div", {}, h("h2", {}, of(context, "copy.title")), h("p", {}, say(channel.guide?.paste)))),
    h(
      "div",
      { class: "hy-stack" },
      !seen.public_url && callout("warn", t("copy.local.title"), of(context, "copy.local.hint")),
      strange && callout("warn", of(context, "copy.port.title", { port }), of(context, "copy.port.hint")),
      publication.to_copy.map(lineToCopy),
      publication.reminders.map((note) => callout("accent", say(note.title), say(note.hint))),
    ),
  );
}

/** A value to copy, or what to choose there. */
function lineToCopy({ name, label, value, choose }, i) {
  const title = h("div", { class: "label" }, h("span", { class: "hy-number" }, String(i + 1)), say(label));
  if (!value) return h("div", { class: "hy-field" }, title, h("div", {}, choose.map((one) => [pill(say(one)), " "])));
  const whole = value.startsWith("/") ? location.origin + value : value;
  return h(
    "div",
    { class: "hy-field", "data-testid": `copy-${name}` },
    title,
    h("div", { class: "hy-copy" }, h("code", {}, whole), copyButton(() => whole, `copy-${name}-button`)),
  );
}

function manage(context) {
  return h(
    "details",
    { class: "hy-more" },
    h("summary", {}, t("manage.title")),
    h("div", { class: "hy-stack" }, connect(context), takeBack(context)),
  );
}
