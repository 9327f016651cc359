// The build page: its bar, and what lies beside the flow: settings and JSON.

import { Autosave } from "./autosave.js";
import { button, callout, h, icon, link, pill } from "./dom.js";
import { jsonView } from "./build_json.js";
import { settingsView } from "./build_settings.js";
import { pickAgent } from "./pick_agent.js";
import { agentId, caller, href, told } from "./server.js";
import { confirmed, dialog } from "./overlay.js";
import { clock, lang, say, t } from "./texts.js";
import { blockAt, placeOf } from "./where.js";

const VIEWS = ["flow", "settings", "json"];

export async function mount({ element, server }) {
  const call = caller(server);
  const id = agentId();
  show("none");
  if (!id) return pickAgent(element, call, "build");
  const answer = await call("open_agent", { id });
  if (!answer.ok) {
    return element.replaceChildren(
      h(
        "div",
        { class: "hy-page" },
        callout("bad", say(answer.text), t("build.broken"), link(t("nav.agents"), "./")),
      ),
    );
  }
  new Build(element, call, id).begin(answer.value);
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
      maxlength: "60",
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
    document.addEventListener("hongyan:flow", ({ detail }) => this.autosave.change({ flow: detail.flow }));
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
    this.name.value = opened.data.name ?? "";
    this.banner.replaceChildren();
    await this.editor(); // it knows what blocks are called
    this.told({ kind: opened.draft ? "draft" : "opened", reason: opened.problems[0]?.text, ...opened });
    if (opened.moved_on) this.conflict({ zh: t("build.moved_on"), en: t("build.moved_on") });
    await this.loadFlow();
    this.go(this.view || "flow");
  }

  async loadFlow() {
    const flow = this.autosave.data.flow;
    const editor = await this.editor();
    editor.lang(lang);
    this.choices ||= (await this.call("choices", { lang })).value || {};
    editor.update(this.choices);
    editor.load(Array.isArray(flow) ? flow : []);
    this.markProblems();
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
      failed: () => t("build.failed", { reason: say(state.reason) }),
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
    if (state.kind === "conflict") this.conflict(state.reason);
    if (!state.problems) return;
    this.problems = state.problems;
    this.markProblems();
    this.shown?.complain?.(this.problems);
    this.alarm.replaceChildren(...this.alarmButton());
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

  alarmButton() {
    const errors = this.problems.some((problem) => problem.level === "error");
    if (!this.problems.length) return [];
    return [
      button(t("build.problems", { n: this.problems.length }), {
        name: "warn",
        look: errors ? "alarm bad" : "alarm",
        id: "problems",
        onclick: () => this.showProblems(),
      }),
    ];
  }

  showProblems() {
    const entries = this.problems.map((problem) => {
      const block = blockAt(this.autosave.data, problem.field);
      const go = () => (shown.close(), this.jump(problem, block));
      return h(
        "button",
        { type: "button", class: `hy-problem ${problem.level}`, "data-testid": "problem", onclick: go },
        icon("warn"),
        h(
          "span",
          {},
          h("b", {}, say(problem.text)),
          h("span", { class: "faint" }, this.place(problem.field)),
        ),
        pill(t(`level.${problem.level}`), problem.level === "error" ? "bad" : "warn"),
      );
    });
    const shown = dialog(t("build.problems.title"), h("div", { class: "hy-stack tight" }, entries), [], {
      id: "problems-dialog",
    });
  }

  async jump(problem, block) {
    if (!block) {
      return this.go(
        /^(flow|id|format)/.test(problem.field) ? (problem.field === "flow" ? "flow" : "json") : "settings",
      );
    }
    await this.go("flow");
    (await this.editor()).select(block.id);
  }

  conflict(reason) {
    const reload = async () => {
      if (!(await confirmed(t("build.reload.title"), t("build.reload.hint"), t("build.reload")))) return;
      const value = told(await this.call("reload", { id: this.id }));
      if (value) this.begin(value);
    };
    const overwrite = async () => {
      await this.autosave.save("overwrite");
      if (!this.autosave.stopped) this.banner.replaceChildren();
    };
    const copy = async () => {
      const made = told(await this.call("keep_copy", { data: this.autosave.data }));
      if (made) (this.autosave.kept = this.autosave.changes), location.assign(href("build", made.id));
    };
    this.autosave.stopped = true;
    this.banner.replaceChildren(
      callout(
        "warn",
        t("build.conflict.title"),
        say(reason),
        button(t("build.reload"), { id: "conflict-reload", onclick: reload }),
        button(t("build.copy"), { id: "conflict-copy", onclick: copy }),
        button(t("build.overwrite"), { look: "danger", id: "conflict-overwrite", onclick: overwrite }),
      ),
    );
  }

  isUnsafe() {
    return this.autosave.isDirty || Boolean(this.shown?.isBroken?.());
  }

  async leave(page) {
    (await this.editor()).flush?.();
    if (this.autosave.isDirty && !this.autosave.stopped) await this.autosave.save();
    location.assign(href(page));
  }

  publish() {
    const errors = this.problems.filter((problem) => problem.level === "error");
    return errors.length ? this.showProblems() : this.leave("publish");
  }
}
