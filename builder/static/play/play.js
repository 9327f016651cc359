// Beside the chat: the phone, the trace, and variables for the test.

import { nameControls } from "./chat_names.js";
import { answered, keepBox, keepChat, keptChat } from "./chat_kept.js";
import { callout, empty, h, link } from "../common/dom.js";
import { watchGradio } from "./gradio_calls.js";
import { load } from "../common/old_load.js";
import { phone } from "./phone.js";
import { pickAgent } from "../common/pick_agent.js";
import { rehearsal } from "./rehearse.js";
import { tidyChat } from "./said.js";
import { trace } from "./trace.js";
import { agentId, caller, href } from "../common/server.js";
import { lang, say, t } from "../common/texts.js";

const VIEWS = ["phone", "rehearse", "trace", "variables"];
const LIVE = ["phone", "trace"]; // drawn anew with each result

export async function mount({ element, page, props, trigger, watch }) {
  const call = caller(page);
  const id = agentId();
  props.value = { agent: id, lang, variables: {} };
  document.body.dataset.hyPlay = "none";
  if (!id) return pickAgent(element, call, "play");
  const more = [link(t("nav.build"), href("build"))];
  const agent = await load(element, call, "agent", { id }, { hint: t("play.broken"), more });
  document.body.dataset.hyPlay = "ready";
  const column = document.getElementById("chat-column");
  nameControls(column);
  tidyChat(column);
  new Beside(element, props, agent, call).watch(watch);
  keeping(id, props, trigger, watch);
}

/** The chat that was here before, and from now on each end of a turn. */
function keeping(id, props, trigger, watch) {
  watchGradio();
  keepBox(id, document.getElementById("chat-column"));
  watch("kept", () => {
    keepChat(id, { said: props.kept, result: props.result, usage: props.usage });
    answered(id, props.kept ?? []);
  });
  const before = keptChat(id);
  if (!before) return;
  props.value = { ...props.value, before };
  trigger("restore");
  const { before: _, ...rest } = props.value;
  props.value = rest;
}

class Beside {
  constructor(element, props, agent, call) {
    const names = { platform: say(agent.words.platform) };
    Object.assign(this, { props, agent, call, names, view: "phone", variables: {} });
    this.tabs = VIEWS.map((view) =>
      h("button", {
        type: "button",
        role: "tab",
        class: "hy-seg",
        "data-testid": `tab-${view}`,
        onclick: () => this.go(view),
      }, t(`play.${view}`, names))
    );
    this.body = h("div", { class: "hy-beside-body", role: "tabpanel" });
    const notes = [
      agent.draft &&
      callout("warn", t("play.draft.title"), t("play.draft.hint"), link(t("nav.build"), href("build"))),
      agent.demo &&
      callout("accent", t("play.demo.title"), t("play.demo.hint"), link(t("agents.demo.action"), "./models")),
    ].filter(Boolean);
    element.replaceChildren(
      h(
        "div",
        { class: "hy-beside" },
        ...notes,
        h("div", { class: "hy-segs", role: "tablist" }, this.tabs),
        this.body,
      ),
    );
    this.go("phone");
  }

  watch(watch) {
    watch("result", () => this.draw());
  }

  get result() {
    return this.props.result || { exchanges: [], events: [] };
  }

  go(view) {
    this.view = view;
    for (const [i, tab] of this.tabs.entries()) tab.setAttribute("aria-selected", String(VIEWS[i] === view));
    this.body.replaceChildren();
    this.draw(true);
  }

  draw(fresh = false) {
    if (!LIVE.includes(this.view) && !fresh) return;
    const drawn = {
      phone: () => phone(this.agent.name, this.result.exchanges, this.names),
      rehearse: () => (this.rehearsal ??= rehearsal(this.call, this.agent, this.names, () => this.variables)),
      trace: () => trace(this.result.events, this.agent.titles),
      variables: () => this.form(),
    }[this.view]();
    this.body.replaceChildren(drawn);
  }

  /** Other values of the agent's variables, for this test only. */
  form() {
    if (!this.agent.variables.length) {
      return empty(
        "settings",
        t("play.variables.none"),
        t("play.variables.none.hint"),
        link(t("nav.build"), href("build")),
      );
    }
    const fields = this.agent.variables.map(({ name, title, default: usual }) => {
      const input = h("textarea", {
        class: "hy-input",
        rows: 2,
        id: `var-${name}`,
        placeholder: usual,
        "data-testid": `var-${name}`,
        oninput: () => this.set(name, input.value),
      });
      input.value = this.variables[name] ?? "";
      return h(
        "div",
        { class: "hy-field" },
        h(
          "label",
          { for: `var-${name}` },
          title || name,
          h("span", { class: "optional" }, h("code", {}, name)),
        ),
        input,
      );
    });
    return h(
      "div",
      { class: "hy-card hy-form" },
      h("p", { class: "soft" }, t("play.variables.hint")),
      fields,
    );
  }

  set(name, value) {
    if (value) this.variables[name] = value;
    else delete this.variables[name];
    this.props.value = { agent: this.agent.id, lang, variables: { ...this.variables } };
  }
}
