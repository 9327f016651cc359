// Saves what is edited, one save at a time, and never over somebody else's work. What is not saved is kept in the browser.

import { forget, keep } from "./kept.js";
import { written } from "./written.js";

const PAUSE = 500; // ms after the last change
const AGAIN = [2000, 4000, 8000, 15000]; // ms after a save that failed; the last one for ever
const UNSURE = 6; // saves that may have arrived without our knowing

/**
 * `call`: asks the server; `tell(state)`: {kind, at?, reason?, problems?, versions?, offline?} with kind
 * "saved", "saving", "draft", "conflict", "deleted" or "failed". What is edited is `data`, a whole agent.
 */
export class Autosave {
  data = /** @type {any} */ ({});
  base = /** @type {any} */ ({}); // what it was made from: what is on the server as far as we know
  begun = /** @type {any} */ ({}); // as somebody wrote it
  schema = null; // of what is edited
  revision = "";
  changes = 0; // how often it was changed, and how much of that is saved
  kept = 0;
  timer = 0;
  running = null;
  stopped = false;
  failures = 0;
  unsure = [];
  text = "";
  unkept = false;

  constructor(call, id, tell) {
    this.call = call;
    this.id = id;
    this.tell = tell;
    // an outage is over, or somebody signed in again: no need to wait for the next try
    document.addEventListener("hongyan:back", () => this.isDirty && !this.stopped && this.later(0));
  }

  /** Whether whoever is here may not change it: nothing is kept, nor sent. */
  get looksOnly() {
    return !this.call.may("save", this.id);
  }

  get isDirty() {
    return this.changes !== this.kept;
  }

  begin({ data, revision, schema = this.schema }) {
    Object.assign(this, {
      data,
      base: data,
      begun: data,
      schema,
      revision,
      changes: 0,
      kept: 0,
      stopped: false,
      failures: 0,
      unsure: [],
      text: "",
    });
    clearTimeout(this.timer);
    forget(this.id);
  }

  /** What others did is in it now; `told`: what the page says beside it. */
  meet({ data, base, revision, ...told }) {
    Object.assign(this, { data, base, revision, stopped: false, failures: 0, unsure: [] });
    if (JSON.stringify(data) !== JSON.stringify(base)) return this.changed(data);
    this.kept = this.changes;
    forget(this.id);
    this.tell({ kind: told.saved ? "saved" : "draft", at: Date.now() / 1000, ...told });
  }

  change(part) {
    this.changed({ ...this.data, ...part });
  }

  /** Another whole agent; `since` is where it comes from when that is not what is open here. */
  replace(data, since = {}) {
    Object.assign(this, since);
    this.begun = data; // somebody wrote it so
    this.changed({ ...data, id: this.id });
  }

  changed(data) {
    this.data = data;
    if (this.looksOnly) return this.tell({ kind: "looks" });
    this.changes += 1;
    this.keep();
    this.later(PAUSE);
  }

  /** Something is being edited and comes in a moment: "saved" is no longer true. */
  pending() {
    if (!this.looksOnly && !this.stopped && !this.failures) this.tell({ kind: "saving" });
  }

  keep() {
    const { data, base, revision, unsure, text } = this;
    keep(this.id, { data, base, revision, unsure, text }, () => (this.unkept = true));
  }

  /** Text that is no agent yet; "" when there is none any more. It is kept in the browser only. */
  hold(text) {
    if (text === this.text) return;
    this.text = text;
    if (text) this.keep();
    else if (!this.isDirty) forget(this.id);
  }

  later(pause) {
    if (this.stopped) return;
    if (!this.failures) this.tell({ kind: "saving" });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  /** Save now, after a save that is under way; `action` "overwrite" does so whatever is on disk. `more`: is told. */
  async save(action = "save", more = {}) {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    if (action === "save" && (!this.isDirty || this.stopped)) return;
    this.running = this.send(action, more);
    try {
      await this.running;
    } finally {
      this.running = null;
    }
  }

  async send(action, more) {
    const [sent, unsure] = [this.changes, this.unsure];
    const data = written(this.data, this.begun, this.schema);
    const answer = action === "overwrite"
      ? await this.call("overwrite", { id: this.id, data })
      : await this.call("save", { id: this.id, data, revision: this.revision, unsure, ...more }, { quiet: true });
    if (!answer.ok) return this.failed(answer, data);
    const { revision } = answer.value;
    Object.assign(this, { stopped: false, failures: 0, unsure: [], kept: sent, base: data, revision });
    if (this.isDirty) return this.keep(), this.later(PAUSE);
    if (!this.text) forget(this.id);
    this.tell({ kind: answer.value.saved ? "saved" : "draft", ...answer.value });
  }

  failed(answer, sent) {
    if (answer.offline) this.unsure = [...this.unsure, sent].slice(-UNSURE);
    this.keep();
    const kind = { Conflict: "conflict", NotFound: "deleted", DeletedElsewhere: "deleted" }[answer.code];
    if (kind) {
      this.stopped = true;
      return this.tell({ kind, reason: answer.text });
    }
    const pause = AGAIN[Math.min(this.failures, AGAIN.length - 1)];
    this.failures += 1;
    this.timer = setTimeout(() => this.save(), pause);
    this.tell({ kind: "failed", reason: answer.text, unkept: this.unkept });
  }
}
