// Where one writes, adds files and speaks.

const { MOST_FILES } = require("../../lib/client.js");
const { sized } = require("../../lib/phone.js");
const { fill } = require("../../lib/texts.js");
const choosing = require("./choosing.js");
const recording = require("./recording.js");

Component(
  /** @type {any} */ ({
    options: { addGlobalClass: true },

    properties: {
      t: { type: Object, value: {} },
      /** Bytes of each kind that are taken, 0 for none. */
      takes: { type: Object, value: {} },
      /** The id of the answer that can be stopped, or "". */
      stops: { type: String, value: "" },
    },

    data: { text: "", files: [], isRecording: false, canSend: false, takesFiles: false },

    observers: {
      takes(takes) {
        this.setData({ takesFiles: ["image", "video", "file"].some((kind) => takes[kind] > 0) });
      },
    },

    lifetimes: {
      attached() {
        this.text = "";
        this.number = 0;
      },

      detached() {
        recording.leave(this);
      },
    },

    methods: {
      ...choosing,
      ...recording.methods,
      onInput({ detail: { value } }) {
        this.text = value;
        this.change({}); // set on each letter, a slow phone would lose some
      },

      /** Two taps send once: what is to be sent is taken away by the first, before anything is drawn. */
      onSend() {
        const text = this.text.trim();
        const files = this.data.files;
        if (this.isTaken || (!text && files.length === 0) || files.some(({ id }) => !id)) return;
        this.isTaken = true;
        this.setData({ text: this.text }); // else it would be "" already, and the field would stay as it is
        this.text = "";
        this.triggerEvent("send", {
          text,
          files: files.map(({ id, kind, name, size }) => ({ id, kind, name, size })),
        });
        this.change({ text: "", files: [] }, () => this.isTaken = false);
      },

      onStop() {
        this.triggerEvent("stop");
      },

      change(values, then) {
        const { files = this.data.files } = values;
        const canSend = (this.text.trim() !== "" || files.length > 0) && files.every(({ id }) => id);
        const changes = canSend === this.data.canSend ? values : Object.assign({ canSend }, values);
        if (Object.keys(changes).length > 0) this.setData(changes, then);
      },

      onRemove({ currentTarget: { dataset: { key } } }) {
        this.change({ files: this.data.files.filter((file) => file.key !== key) });
      },

      /** Uploads what the phone has at `path`, and adds it to the message. */
      async add({ path, name, size, kind }) {
        const { t, takes, files } = this.data;
        const most = takes[kind] || 0;
        const say = (title) => wx.showToast({ title, icon: "none" });
        if (files.length >= MOST_FILES) return;
        if (!most) return say(t.notTaken);
        if (size > most) return say(fill(t.tooLarge, { name, most: sized(most) }));
        const key = `f${++this.number}`;
        this.change({ files: this.data.files.concat([{ key, id: "", kind, name, size }]) });
        try {
          const file = await /** @type {any} */ (getApp()).client.upload(name, await bytesOf(path));
          this.change({
            files: this.data.files.map((one) => (one.key === key ? Object.assign({ key }, file) : one)),
          });
        } catch (error) {
          this.change({ files: this.data.files.filter((one) => one.key !== key) });
          say(error.told || fill(t.uploadFailed, { name }));
        }
      },
    },
  }),
);

/** @returns {Promise<ArrayBuffer>} */
function bytesOf(filePath) {
  return new Promise((resolve, reject) =>
    wx.getFileSystemManager().readFile({
      filePath,
      success: ({ data }) => resolve(/** @type {ArrayBuffer} */ (data)),
      fail: reject,
    })
  );
}
