// The build page: its bar, and what lies beside the flow: settings and JSON.

import { Autosave } from "./autosave.js";
import { conflict, offerLeft } from "./banner.js";
import { jsonView } from "./json.js";
import { alarm, showProblems } from "./problems.js";
import { settingsView } from "./settings.js";
import { versionsButton } from "./versions.js";
import { button, h, icon, link, pill } from "../common/dom.js";
import { load } from "../common/old_load.js";
import { toast } from "../common/toast.js";
import { html, render } from "preact";
import { PickAgent } from "../common/pick_agent.js";
import { agentId, caller, href } from "../common/server.js";
import { keepUndo, keptUndo } from "./undo_kept.js";
import { clock, lang, pairOf, say, t } from "../common/texts.js";
import { placeOf } from "./where.js";

const VIEWS = ["flow", "settings", "json"];

export async function mount({ element, page }) {
  const call = caller(page);
  const id = agentId();
  show("none");
  if (!id) return render(html`<${PickAgent} call=${call} page="build" />`, element);
  const opened = await load(element, call, "open_agent", { id }, {
    hint: t("build.broken"),
    more: [link(t("nav.agents"), "./")],
  });
  new Build(element, call, id).begin(opened);
}

/** Which part of the page is seen; the flow is a component of its own beside ours. */
function show(view) {
  document.body.dataset.hyView = view;
}

class Build {
  constructor(element, call, id) {
    Object.assign(this, { element, call, id, view: "", problems: [] });
    this.autosave = new Autosave(call, id, (state) => this.told(state));
    this.stage = h("div", { class: "hy-build-stage" });
    this.banner = h("div", { class: "hy-build-banner" });
    this.status = h("span", {
      class: "hy-saved",
      role: "status",
      "aria-live": "polite",
      "data-testid": "saved",
    });
    this.published = h("span", {});
    this.alarm = h("span", {});
    this.name = h("input", {
      class: "hy-name",
      type: "text",
      "aria-label": t("agents.name"),
      "data-testid": "agent-name",
      oninput: () => this.autosave.change({ name: this.name.value }),
    });
    this.tabs = VIEWS.map((view) =>
      h("button", {
        type: "button",
        class: "hy-seg",
        "data-testid": `view-${view}`,
        onclick: () => this.go(view),
      }, t(`build.view.${view}`))
    );
    element.replaceChildren(this.bar(), this.banner, this.stage);
    document.addEventListener("hongyan:flow-pending", () => this.autosave.pending());
    document.addEventListener("hongyan:flow", ({ detail }) => {
      this.autosave.change({ flow: detail.flow });
      keepUndo(id, this.handle().steps());
    });
    addEventListener("beforeunload", (event) => this.isUnsafe() && event.preventDefault());
    document.addEventListener(
      "visibilitychange",
      () => document.hidden && this.autosave.isDirty && !this.autosave.stopped && this.autosave.save(),
    );
  }

  bar() {
    return h(
      "div",
      { class: "hy-bar" },
      h(
        "div",
        { class: "hy-bar-who" },
        this.name,
        h("div", { class: "hy-row" }, this.published, this.status),
      ),
      h("div", { class: "hy-segs", role: "group", "aria-label": t("build.view") }, this.tabs),
      h(
        "div",
        { class: "hy-bar-do" },
        this.alarm,
        versionsButton(this),
        button(t("build.try"), { name: "play", id: "try", onclick: () => this.leave("play") }),
        button(t("build.publish"), {
          look: "primary",
          name: "send",
          id: "go-publish",
          onclick: () => this.publish(),
        }),
      ),
    );
  }

  async begin(opened) {
    this.opened = opened;
    this.autosave.begin(opened);
    this.banner.replaceChildren();
    await this.editor(); // it knows what blocks are called
    this.told({ kind: opened.draft ? "draft" : "opened", reason: opened.problems[0]?.text, ...opened });
    if (opened.moved_on) conflict(this, pairOf("build.moved_on"));
    await this.redraw();
    if (!opened.moved_on) offerLeft(this);
  }

  /** Show what the autosave holds now. */
  async redraw() {
    this.name.value = this.autosave.data.name ?? "";
    this.shown = null; // it shows what was
    await this.loadFlow();
    await this.go(this.view || "flow");
  }

  async loadFlow() {
    const flow = this.autosave.data.flow;
    const editor = await this.editor();
    editor.lang(lang);
    editor.update({ ...(await this.choices()), onPreviewPrompt: (prompt) => this.preview(prompt) });
    editor.load(Array.isArray(flow) ? flow : [], keptUndo(this.id, flow) ?? {});
    this.markProblems();
  }

  /** What the fields suggest. Without an answer they suggest nothing, and the next time asks again. */
  async choices() {
    this.offered ??= (await this.call("choices", { lang })).value;
    return this.offered ?? {};
  }

  /** What a model will be told: {template, filled, reason}; or why that cannot be told. */
  async preview(prompt) {
    const variables = this.autosave.data.variables || [];
    const answer = await this.call("preview", { prompt, variables, lang: this.autosave.data.language || "zh" });
    return answer.ok ? answer.value : { reason: answer.text };
  }

  /** The flow editor's handle, as soon as it is mounted. */
  async editor() {
    while (!this.handle()) await new Promise((done) => setTimeout(done, 40));
    return this.handle();
  }

  handle() {
    return document.querySelector("#flow .flow-host")?.flowEditor;
  }

  async markProblems() {
    const editor = await this.editor();
    editor.update({ variables: this.variables() });
    editor.problems(this.problems.filter((problem) => problem.field.startsWith("flow.")));
  }

  variables() {
    return (this.autosave.data.variables || []).filter((one) => one.name).map(({ name, title }) => ({
      name,
      title: title || name,
    }));
  }

  async go(view) {
    if (this.shown?.leave && !(await this.shown.leave())) return;
    if (this.view === "json" && view === "flow") await this.loadFlow();
    this.view = view;
    show(view);
    for (const [i, tab] of this.tabs.entries()) tab.setAttribute("aria-pressed", String(VIEWS[i] === view));
    this.shown = view === "settings" ? settingsView(this) : view === "json" ? jsonView(this) : null;
    this.stage.replaceChildren(...(this.shown ? [this.shown.root] : []));
    this.shown?.complain?.(this.problems);
  }

  /** What became of a save. */
  told(state) {
    const sentence = {
      saved: () => t("build.saved", { time: clock(state.at) }),
      saving: () => t("build.saving"),
      opened: () => "",
      draft: () => this.drafted(state.problems?.[0], say(state.reason)),
      failed: () => t(state.unkept ? "build.failed.unkept" : "build.failed", { reason: say(state.reason) }),
      conflict: () => t("build.conflict"),
    }[state.kind];
    this.status.className = `hy-saved ${state.kind}`;
    this.status.title = sentence();
    this.status.replaceChildren(
      ...(["saved"].includes(state.kind)
        ? [icon("check", 14)]
        : ["draft", "failed", "conflict"].includes(state.kind)
        ? [icon("warn", 14)]
        : []),
      h("span", {}, sentence()),
    );
    if (state.kind === "conflict") conflict(this, state.reason);
    if (!state.problems) return;
    this.problems = state.problems;
    this.markProblems();
    this.shown?.complain?.(this.problems);
    this.name.setAttribute("aria-invalid", String(this.problems.some(({ field }) => field === "name")));
    this.alarm.replaceChildren(...alarm(this));
    const { version, changed } = state;
    this.published.replaceChildren(
      !version
        ? pill(t("state.draft"))
        : changed
        ? pill(t("state.changed", { version }), "accent")
        : pill(t("state.published", { version }), "ok"),
    );
  }

  drafted(problem, reason) {
    if (!problem) return t("build.draft", { reason });
    const place = this.place(problem.field);
    return t(place ? "build.draft.at" : "build.draft", { place, reason: say(problem.text) });
  }

  place(field) {
    const named = (block) => this.handle()?.name(block) || block.id;
    return placeOf(field, this.autosave.data, this.opened.schema, named);
  }

  isUnsafe() {
    return this.autosave.isDirty || Boolean(this.shown?.isBroken?.());
  }

  /** To another page, with everything saved; or not at all, and why. */
  async leave(page) {
    (await this.editor()).flush?.();
    if (this.autosave.isDirty && !this.autosave.stopped) await this.autosave.save();
    if (this.autosave.isDirty) return toast(t("build.stay"), { tone: "bad" });
    location.assign(href(page));
  }

  publish() {
    const errors = this.problems.filter((problem) => problem.level === "error");
    return errors.length ? showProblems(this) : this.leave("publish");
  }
}
