// The work on one agent: what is open, what became of a save, what is wrong, and what is looked at.

import { toast } from "../common/toast.js";
import { href } from "../common/server.js";
import { clock, lang, pairOf, say, t } from "../common/texts.js";
import { asRead } from "./as_read.js";
import { asksOf } from "./asks.js";
import { Autosave } from "./autosave.js";
import { leftOf } from "./banner.js";
import { showProblems } from "./problems.js";
import { meet, watchOthers } from "./together.js";
import { titleOf } from "./starts.js";
import { forgetStep, watchKeys } from "./steps.js";
import { turnAsked } from "./turn.js";
import { drawProposed, isDescribed } from "./proposed.js";
import { keepUndo, keptUndo } from "./undo_kept.js";
import { blocksIn, flowsAround, namesIn, placeOf } from "./where.js";

export const VIEWS = ["flow", "settings", "json"];

export class Work {
  editor = null; // the flow editor's handle, set before `begin`
  view = "";
  epoch = 0; // of what is shown: another one is drawn from the beginning
  problems = [];
  may = []; // what the agent's tools can do to the world
  banner = null;
  status = { kind: "", sentence: "" };
  published = {};
  json = null; // while it is looked at: {leave, isBroken, write}
  offered = null;
  isEditing = false; // the editor has a change that is not handed out yet
  looked = ""; // the block that is selected
  others = []; // who else is here: [{window, by, block}]
  panel = { open: isDescribed(), proposed: null, at: "" }; // beside the flow: see proposed.js
  /** @type {Promise<void>[]} */
  stepping = []; // through the edit history, each behind the ones before
  begun = -1; // which of the starts is drawn; -1: the flow for messages

  /** `draw()` shows what it is by now. */
  constructor(call, id, opened, known, draw) {
    this.known = known; // what the flow editor is told
    this.catalog = known.catalog;
    this.kinds = this.catalog.tools; // of tools, by type
    this.call = call;
    this.id = id;
    this.opened = opened;
    this.draw = draw;
    this.autosave = new Autosave(call, id, (state) => this.told(state));
    this.autosave.data = opened.data;
    this.panel.open &&= !this.autosave.looksOnly;
    this.turn = turnAsked(id); // of the playground, drawn on the flow
  }

  async begin(opened) {
    this.opened = opened;
    this.autosave.begin(opened);
    this.banner = null;
    this.told({ kind: opened.draft ? "draft" : "opened", reason: opened.problems[0]?.text, ...opened });
    const { looksOnly } = this.autosave;
    if (opened.moved_on && !looksOnly) this.conflict(pairOf("build.moved_on"));
    await this.redraw();
    if (this.turn?.block) this.editor.select(this.turn.block);
    if (!opened.moved_on && !looksOnly) this.offer();
  }

  /** Mind what happens to the page; returns what ends that. */
  watch() {
    const over = new AbortController();
    addEventListener("beforeunload", (event) => this.isUnsafe() && event.preventDefault(), over);
    document.addEventListener("visibilitychange", () => document.hidden && this.saveNow(), over);
    if (!this.autosave.looksOnly) watchOthers(this, over.signal);
    watchKeys(this, over.signal);
    return () => over.abort();
  }

  /** Show what the autosave holds now, in whatever is looked at. */
  async redraw() {
    this.json = null; // it shows what was
    this.begun = this.starts[this.begun] ? this.begun : -1;
    this.epoch += 1;
    await this.loadFlow();
    await this.go(this.view || "flow");
  }

  async loadFlow() {
    const { flow } = this.starts[this.begun] ?? this.autosave.data;
    this.editor.lang(lang);
    this.editor.update({ ...(await this.choices()), ...asksOf(this) });
    this.isEditing = false;
    if (drawProposed(this)) return;
    this.editor.load(Array.isArray(flow) ? flow : [], keptUndo(this.drawn, flow) ?? {});
    this.editor.paint(this.turn?.events ?? null, this.turn?.asked);
    this.markProblems();
  }

  /** The turn that was drawn on the flow is looked at no more. */
  closeTurn() {
    this.turn = null;
    history.replaceState(null, "", location.pathname + location.search);
    this.editor.paint(null);
    this.draw();
  }

  /** What the fields suggest, no agent itself. Without an answer they suggest nothing, and the next time asks again. */
  async choices() {
    this.offered ??= (await this.call("choices", { lang })).value;
    const { agents = [], ...others } = this.offered ?? {};
    return { ...others, agents: agents.filter(({ value }) => value !== this.id) };
  }

  /** What a model will be told: {template, filled, reason}; or why that cannot be told. */
  async preview(prompt) {
    const { variables = [], language } = this.autosave.data;
    const answer = await this.call("preview", { prompt, variables, lang: language || "zh" });
    return answer.ok ? answer.value : { reason: answer.text };
  }

  change(part) {
    forgetStep(this);
    this.autosave.change(asRead(this.opened.schema, this.opened.data, part));
    this.draw();
  }

  editing() {
    this.isEditing = true;
    this.autosave.pending();
  }

  edited(flow) {
    this.isEditing = false;
    forgetStep(this);
    const { starts, begun } = this;
    this.autosave.change(begun < 0 ? { flow } : { starts: starts.with(begun, { ...starts[begun], flow }) });
    keepUndo(this.drawn, this.editor.steps());
  }

  get starts() {
    const { starts } = this.autosave.data;
    return Array.isArray(starts) ? starts : [];
  }

  /** Names the flow that is drawn, for its undo. */
  get drawn() {
    return this.begun < 0 ? this.id : `${this.id} ${this.starts[this.begun].id}`;
  }

  /** Draw the flow of that start, or the one for messages. */
  async beginAt(begun) {
    this.editor.flush();
    this.begun = this.starts[begun] ? begun : -1;
    await this.loadFlow();
    this.draw();
  }

  async addStart(start, place = this.starts.length) {
    this.change({ starts: this.starts.toSpliced(place, 0, start) });
    await this.beginAt(Math.min(place, this.starts.length - 1));
  }

  changeStart(start) {
    this.change({ starts: this.starts.with(this.begun, start) });
  }

  async removeStart() {
    const starts = this.starts.toSpliced(this.begun, 1);
    this.begun = -1;
    this.change({ starts });
    await this.beginAt(-1);
  }

  /** Another whole agent, saved at once. */
  async become(data, since = {}) {
    this.autosave.replace(data, since);
    await this.redraw();
  }

  markProblems() {
    const { begun } = this;
    const { variables, shared } = namesIn(this.autosave.data);
    const begins = begun < 0 ? "" : titleOf(this.starts[begun]);
    const { withheld = [], holds = null } = this.autosave.data;
    const isBound = withheld.length > 0 || holds !== null; // what somebody else made, and its owner has not let free
    this.editor.update({ isBound, variables, shared, ...flowsAround(this.autosave.data, begun, this.catalog), begins });
    const at = begun < 0 ? "" : `starts.${begun}.`;
    const here = this.problems.filter(({ field }) => field.startsWith(`${at}flow.`));
    this.editor.problems(here.map((problem) => ({ ...problem, field: problem.field.slice(at.length) })));
  }

  async go(view) {
    if (this.json && !(await this.json.leave())) return;
    if (this.view === "json" && view === "flow") await this.beginAt(this.begun);
    this.json = null;
    this.view = view;
    this.draw();
  }

  /** What became of a save. */
  told(state) {
    const sentence = {
      saved: () => t("build.saved", { time: clock(state.at) }),
      saving: () => t("build.saving"),
      opened: () => "",
      looks: () => t("build.looks"),
      draft: () => this.drafted(state.problems?.[0], say(state.reason)),
      failed: () => t(state.unkept ? "build.failed.unkept" : "build.failed", { reason: say(state.reason) }),
      conflict: () => t("build.conflict"),
      deleted: () => t("build.deleted"),
    }[state.kind];
    this.status = { kind: state.kind, sentence: sentence() };
    if (state.kind === "conflict") void meet(this, { reason: state.reason });
    if (state.kind === "deleted") this.banner = { kind: "deleted" };
    if (state.may) this.may = state.may;
    if (state.problems && !this.isEditing) { // else they are of a flow that is no more, and another save follows
      this.problems = state.problems;
      this.published = { known: true, version: state.version, changed: state.changed };
      this.markProblems();
    }
    this.draw();
  }

  drafted(problem, reason) {
    if (!problem) return t("build.draft", { reason });
    const place = this.place(problem.field);
    return t(place ? "build.draft.at" : "build.draft", { place, reason: say(problem.text) });
  }

  /** What a person calls the block of that id, wherever it is. */
  nameOf(id) {
    const found = [...blocksIn(this.autosave.data)].find((block) => block.id === id);
    return found ? this.editor.name(found) : id;
  }

  place(field) {
    return placeOf(field, this.autosave.data, this.opened.schema, (block) => this.editor.name(block) || block.id);
  }

  /** The agent on disk is another one by now. */
  conflict(reason) {
    this.autosave.stopped = true;
    this.banner = { kind: "conflict", reason };
    this.draw();
  }

  /** Offer back what this browser kept and the server never got. */
  offer() {
    const found = leftOf(this.id, this.autosave.data);
    this.banner = found ? { kind: "left", found } : null;
    this.draw();
  }

  isUnsafe() {
    return this.autosave.isDirty || Boolean(this.json?.isBroken());
  }

  async saveNow() {
    if (this.autosave.isDirty && !this.autosave.stopped) await this.autosave.save();
  }

  /** To another page, with everything saved; or not at all, and why. */
  async leave(page) {
    this.editor.flush();
    await this.saveNow();
    if (this.autosave.isDirty) return toast(t("build.stay"), { tone: "bad" });
    location.assign(href(page));
  }

  publish() {
    const errors = this.problems.filter((problem) => problem.level === "error");
    return errors.length ? void showProblems(this) : this.leave("publish");
  }
}
