// Rehearse: choose the account and how slow the answer is, then watch what the person sees and when.

import { button, callout, h, link } from "../common/dom.js";
import { load } from "../common/old_load.js";
import { replay } from "./replay.js";
import { href } from "../common/server.js";
import { say, t } from "../common/texts.js";

/** `names`: how the channel's things are called. `variables()`: the values that are tried on the page. */
export function rehearsal(call, agent, names, variables) {
  const root = h("div", { class: "hy-stack" }, h("div", { class: "hy-loading" }));
  load(root, call, "choices", { id: agent.id }).then((choices) =>
    new Rehearsal(root, call, agent, names, variables).open(choices)
  );
  return root;
}

class Rehearsal {
  constructor(root, call, agent, names, variables) {
    Object.assign(this, { root, call, agent, names, variables, asked: "", answer: null, shown: null });
    this.stage = h("div", { class: "hy-stack", "data-testid": "rehearsal" });
  }

  open({ kinds, delays, text }) {
    this.kinds(kinds);
    this.delays(delays);
    this.text = h("input", {
      type: "text",
      class: "hy-input",
      id: "rehearse-text",
      "data-testid": "rehearse-text",
      onkeydown: (event) => event.key === "Enter" && !event.isComposing && this.start.click(),
    });
    this.text.value = text || t("rehearse.hello");
    this.start = button(t("rehearse.start"), {
      look: "primary",
      name: "play",
      id: "rehearse-start",
      onclick: () => this.play(),
    });
    this.root.replaceChildren(
      h(
        "section",
        { class: "hy-card hy-form", "aria-label": t("play.rehearse", this.names) },
        h("p", { class: "soft" }, t("rehearse.about", this.names)),
        field("kind", this.kind, this.hint),
        h(
          "div",
          { class: "hy-field" },
          h("span", { class: "label", id: "rehearse-delay" }, t("rehearse.delay")),
          this.delayRow,
        ),
        field("text", this.text),
        h("div", {}, this.start),
      ),
      this.stage,
    );
  }

  kinds(kinds) {
    this.may = Object.fromEntries(kinds.map(({ name, may }) => [name, say(may)]));
    this.hint = h("div", { class: "hint", id: "rehearse-kind-hint" });
    this.kind = h(
      "select",
      {
        class: "hy-input",
        id: "rehearse-kind",
        "data-testid": "rehearse-kind",
        "aria-describedby": "rehearse-kind-hint",
        onchange: () => this.explain(),
      },
      kinds.map(({ name, title }) => h("option", { value: name }, say(title))),
    );
    this.explain();
  }

  explain() {
    this.hint.textContent = this.may[this.kind.value];
  }

  delays(delays) {
    const choose = (delay) => {
      this.delay = delay;
      for (const [i, node] of nodes.entries()) node.setAttribute("aria-pressed", String(delays[i] === delay));
    };
    const nodes = delays.map((delay) =>
      h("button", {
        type: "button",
        class: "hy-seg",
        "data-testid": `delay-${delay}`,
        onclick: () => choose(delay),
      }, delay < 60 ? t("rehearse.seconds", { n: delay }) : t("rehearse.minutes", { n: delay / 60 }))
    );
    this.delayRow = h(
      "div",
      { class: "hy-segs", role: "group", "aria-labelledby": "rehearse-delay" },
      nodes,
    );
    choose(delays[2]);
  }

  /** Another account or delay plays the same answer again; another message asks the agent anew. */
  async play({ anew = false } = {}) {
    const text = this.text.value.trim();
    if (!text) return this.text.focus();
    const variables = { ...this.variables() };
    const asked = JSON.stringify([text, variables]);
    const answer = !anew && asked === this.asked ? this.answer : null;
    if (!answer) this.show(h("p", { class: "soft hy-rehearse-wait", role: "status" }, t("rehearse.asking")));
    const found = await this.call("rehearse", {
      id: this.agent.id,
      text,
      kind: this.kind.value,
      delay: this.delay,
      variables,
      answer,
    }, { seconds: 660 }); // as long as an agent's answer may take
    if (!found.ok) return this.show(callout("bad", say(found.text)));
    Object.assign(this, { asked, answer: found.value.answer });
    this.show(this.result(found.value));
  }

  show(...nodes) {
    this.shown?.stop();
    this.shown = null;
    this.stage.replaceChildren(...nodes.flat().filter(Boolean));
  }

  begin(shown) {
    this.shown = shown;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    shown.root.scrollIntoView({ block: "start", behavior });
    shown.start();
  }

  result({ items, summary, answer }) {
    this.shown?.stop();
    const shown = replay(this.agent.name, items, summary, this.names);
    queueMicrotask(() => this.begin(shown));
    const again = button(t("rehearse.again"), {
      look: "quiet",
      name: "refresh",
      id: "rehearse-anew",
      onclick: () => this.play({ anew: true }),
    });
    return [
      answer.failure && callout("bad", t("rehearse.failed"), say(answer.failure)),
      summary.limit &&
      callout(
        "warn",
        t("rehearse.limit", { n: summary.limit }),
        t("rehearse.limit.hint"),
        link(t("nav.build"), href("build")),
      ),
      shown.root,
      h("div", { class: "hy-row apart" }, h("p", { class: "faint" }, t("rehearse.recorded")), again),
    ];
  }
}

function field(name, node, ...more) {
  return h(
    "div",
    { class: "hy-field" },
    h("label", { for: `rehearse-${name}` }, t(`rehearse.${name}`)),
    node,
    more,
  );
}
