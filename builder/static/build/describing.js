// The talk with the describer: what is known of it, asked for while it works, and shown on the flow.

import { FIRST } from "../common/first_words.js";
import { told } from "../common/server.js";
import { toast } from "../common/toast.js";
import { lang, say, t } from "../common/texts.js";
import { gone, undoable } from "../common/undo.js";
import { show } from "./proposed.js";

const PAUSE = 350; // ms between two looks while it works
const LONG = { seconds: 60 };

export class Describing {
  state = null;
  failed = null;
  timer = 0;
  mark = "";
  over = false;
  model = ""; // that builds; "": the usual one

  constructor(work, draw) {
    this.work = work;
    this.id = work.id;
    this.draw = draw;
  }

  open() {
    const first = sessionStorage.getItem(FIRST + this.id);
    sessionStorage.removeItem(FIRST + this.id);
    this.ask().then(() => first && this.state && this.say(first));
    return () => {
      this.over = true;
      clearTimeout(this.timer);
      show(this.work, null);
    };
  }

  async ask() {
    clearTimeout(this.timer);
    const answer = await this.work.call("described", this.given({ seen: this.mark }), { quiet: true });
    if (answer.ok) this.take(answer.value);
    else if (!this.state && !this.over) this.failed = answer, this.draw();
    else if (!this.over) this.timer = setTimeout(() => this.ask(), PAUSE * 6);
  }

  given(more = {}) {
    return { id: this.id, lang, ...more };
  }

  take(state) {
    if (this.over) return;
    const fresh = state.mark !== this.mark;
    this.state = state;
    this.failed = null;
    this.mark = state.mark;
    if (fresh) show(this.work, state.drawn);
    this.draw();
    if (state.running) this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  /** Whether it was heard. */
  async say(text) {
    this.work.editor.flush();
    await this.work.saveNow();
    if (this.work.autosave.isDirty) return toast(t("build.stay"), { tone: "bad" });
    return this.took(await this.work.call("describe", this.given({ text, model: this.model }), LONG));
  }

  async stop() {
    return this.took(await this.work.call("stop_describing", this.given(), LONG));
  }

  undo(numbers) {
    return gone(this.work.call, "undo_described", this.given({ numbers }), (value) => this.take(value), LONG);
  }

  forget() {
    return gone(this.work.call, "forget_described", this.given(), (value) => this.take(value), LONG);
  }

  /** Whether it was done; then what is there by now. */
  took(answer) {
    const value = told(answer);
    if (value) this.take(value);
    return Boolean(value);
  }

  /** What is accepted is saved, and the page goes on from there; the toast brings back what was. */
  async accept(numbers) {
    const before = this.work.autosave.data;
    const answer = await this.work.call("accept_described", this.given({ numbers }), LONG);
    if (!answer.ok) return told(answer);
    await this.work.begin(answer.value.opened);
    this.mark = "";
    this.take(answer.value.state);
    const undo = async () => {
      await this.work.become(before);
      await this.work.saveNow();
      this.mark = "";
      await this.ask();
    };
    undoable(say(answer.text), undo);
  }
}
