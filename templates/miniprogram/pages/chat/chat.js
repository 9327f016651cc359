// The chat. What was said is the client's; this shows it, and hands on what is tapped.

const acts = require("./acts.js");
const files = require("./files.js");
const { palette } = require("../../lib/colors.js");
const { blocks } = require("../../lib/markdown.js");
const { fill } = require("../../lib/texts.js");
const { shown } = require("../../lib/view.js");

const FRAME = 80; // milliseconds between two pictures of an answer that grows

Component(
  /** @type {any} */ ({
    options: { addGlobalClass: true },

    data: {
      t: {},
      name: "",
      about: "",
      accent: palette("").accent,
      onAccent: palette("").on,
      opening: [],
      suggestions: [],
      takes: {},
      consent: "",
      items: [],
      more: false,
      isLoading: false,
      line: "",
      into: "",
      stops: "",
      judged: "",
      reports: false,
      pictures: {},
      labels: { image: "showImage", voice: "play", video: "openFile", file: "openFile" },
    },

    lifetimes: {
      attached() {
        const app = /** @type {any} */ (getApp());
        this.client = app.client;
        this.isAtEnd = true;
        this.dirty = {};
        this.isOffline = false;
        this.label = "";
        this.feedback = false;
        this.setData({ t: app.texts });
        this.unlisten = this.client.on((event) => this.onEvent(event));
        this.describe();
        this.draw();
      },

      detached() {
        this.unlisten();
        files.quiet(this);
        if (this.frame) clearTimeout(this.frame);
      },
    },

    methods: {
      ...acts,
      ...files.methods,
      onEvent(event) {
        if (event.type === "changed") this.changed(event.one);
        if (event.type === "all") this.draw();
        if (event.type === "about") this.describe();
        if (event.type === "line") this.tellLine(event);
        if (event.type === "refused") this.tellRefused(event.error);
      },

      /** What the agent says of itself. */
      describe() {
        const { about } = this.client;
        const config = /** @type {any} */ (getApp()).config;
        const name = (about && about.name) || config.name;
        wx.setNavigationBarTitle({ title: name });
        const { accent, on } = palette((about && about.color) || config.color);
        this.setData({ name, accent, onAccent: on });
        if (!about) return;
        this.label = about.label;
        this.feedback = about.feedback;
        this.setData({
          about: about.about,
          opening: about.opening ? blocks(about.opening) : [],
          suggestions: about.suggestions,
          takes: about.takes,
          consent: this.client.asksConsent ? about.consent : "",
        });
      },

      onAgree() {
        this.client.agree();
        this.setData({ consent: "" });
      },

      tellLine({ state, error }) {
        const { t } = this.data;
        const isFull = this.client.store.isFull ? t.full : "";
        const why = error && error.code === "domain" ? t.domain : error && error.status ? t.unreached : t.offline;
        this.isOffline = state !== "open";
        this.setData({ line: this.isOffline ? why : isFull });
        this.draw();
      },

      tellRefused(error) {
        this.isOffline = true;
        this.setData({ line: fill(this.data.t.refused, { why: error.told || error.code }) });
        this.draw();
      },

      /** All of it anew. */
      draw() {
        const { all, more } = this.client.transcript;
        this.dirty = {};
        this.setData({
          items: all.map((_, i) => this.item(i)),
          more: more && all.length > 0,
          stops: this.stoppable(),
        });
        this.follow();
      },

      item(i) {
        const { all } = this.client.transcript;
        const around = { t: this.data.t, label: this.label, feedback: this.feedback, isOffline: this.isOffline };
        return shown(all[i], Object.assign(around, { before: all[i - 1], isLast: i === all.length - 1 }));
      },

      /** An answer that grows is drawn some times a second, and not with each word. */
      changed(one) {
        const isNew = !this.data.items.some(({ key }) => key === one.key);
        if (isNew) return this.draw();
        this.dirty[one.key] = true;
        if (one.state !== "writing") return this.redraw();
        if (!this.frame) this.frame = setTimeout(() => this.redraw(), FRAME);
      },

      redraw() {
        if (this.frame) clearTimeout(this.frame);
        this.frame = null;
        const changes = { stops: this.stoppable() };
        this.client.transcript.all.forEach(({ key }, i) => {
          if (this.dirty[key]) Object.assign(changes, changesOf(`items[${i}]`, this.data.items[i], this.item(i)));
        });
        this.dirty = {};
        this.setData(changes);
        this.follow();
      },

      /** The newest that can be stopped. */
      stoppable() {
        const found = this.client.transcript.all.filter(({ state }) => state === "asked" || state === "writing")
          .pop();
        return found ? found.id : "";
      },

      /** Whoever reads further above stays there. */
      follow() {
        if (this.isAtEnd) this.setData({ into: "" }, () => this.setData({ into: "end" }));
      },

      onScroll({ detail: { deltaY } }) {
        if (deltaY > 0) this.isAtEnd = false;
      },

      onBottom() {
        this.isAtEnd = true;
      },

      onSend({ detail: { text, files } }) {
        this.isAtEnd = true;
        this.client.send(text, files);
      },

      onStop() {
        if (this.data.stops) this.client.stop(this.data.stops);
      },

      onOlder() {
        if (this.data.isLoading) return;
        this.isAtEnd = false;
        this.setData({ isLoading: true });
        const done = () => this.setData({ isLoading: false });
        this.client.history(false).then(done, done);
      },

      onShareAppMessage() {
        return { title: this.data.name, path: "/pages/chat/chat" };
      },

      onNothing() {},
    },
  }),
);

/** What of an item is another: of a long answer that grows only its last blocks are sent to the view. */
function changesOf(path, before, now) {
  const changes = {};
  for (const name of Object.keys(now)) {
    if (name === "blocks") continue;
    if (JSON.stringify(before[name]) !== JSON.stringify(now[name])) changes[`${path}.${name}`] = now[name];
  }
  if (now.blocks.length < before.blocks.length) changes[`${path}.blocks`] = now.blocks;
  else {
    now.blocks.forEach((block, i) => {
      if (JSON.stringify(block) !== JSON.stringify(before.blocks[i])) changes[`${path}.blocks[${i}]`] = block;
    });
  }
  return changes;
}
