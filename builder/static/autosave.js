// Saves what is edited, one save at a time, and never over somebody else's work.

const PAUSE = 500; // ms after the last change
const AGAIN = 4000; // ms after a save that did not reach the server

/**
 * `call`: asks the server; `tell(state)`: {kind, at?, reason?, problems?, version?, changed?} with kind
 * "saved", "saving", "draft", "conflict" or "failed". What is edited is `data`, a whole agent.
 */
export class Autosave {
  constructor(call, id, tell) {
    Object.assign(this, {
      call,
      id,
      tell,
      data: {},
      revision: "",
      changes: 0,
      kept: 0,
      timer: 0,
      running: null,
      stopped: false,
    });
  }

  get isDirty() {
    return this.changes !== this.kept;
  }

  begin({ data, revision }) {
    Object.assign(this, { data, revision, changes: 0, kept: 0, stopped: false });
    clearTimeout(this.timer);
  }

  change(part) {
    this.data = { ...this.data, ...part };
    this.changes += 1;
    this.later(PAUSE);
  }

  replace(data) {
    this.data = { ...data, id: this.id };
    this.changes += 1;
    this.later(PAUSE);
  }

  later(pause) {
    if (this.stopped) return;
    this.tell({ kind: "saving" });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  /** Save now, after a save that is under way; `action` "overwrite" does so whatever is on disk. */
  async save(action = "save") {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    if (action === "save" && (!this.isDirty || this.stopped)) return;
    this.running = this.send(action);
    await this.running;
    this.running = null;
  }

  async send(action) {
    const sent = this.changes;
    const answer = await this.call(action, {
      id: this.id,
      data: this.data,
      ...(action === "save" ? { revision: this.revision } : {}),
    });
    if (!answer.ok) return this.failed(answer);
    this.stopped = false;
    this.kept = sent;
    this.revision = answer.value.revision;
    if (this.isDirty) return this.later(PAUSE);
    this.tell({ kind: answer.value.saved ? "saved" : "draft", ...answer.value });
  }

  failed(answer) {
    if (answer.code === "Conflict") {
      this.stopped = true;
      return this.tell({ kind: "conflict", reason: answer.text });
    }
    this.tell({ kind: "failed", reason: answer.text });
    if (answer.offline) this.timer = setTimeout(() => this.save(), AGAIN);
  }
}
