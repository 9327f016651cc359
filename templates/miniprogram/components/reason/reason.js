// Why an answer was no good, or is reported.

Component(
  /** @type {any} */ ({
    options: { addGlobalClass: true },

    properties: {
      t: { type: Object, value: {} },
      reports: { type: Boolean, value: false },
    },

    data: { chosen: "", words: "" },

    methods: {
      onChoose({ currentTarget: { dataset: { reason } } }) {
        this.setData({ chosen: this.data.chosen === reason ? "" : reason });
      },

      onWords({ detail: { value } }) {
        this.setData({ words: value });
      },

      onDone() {
        const reason = [this.data.chosen, this.data.words.trim()].filter(Boolean).join("；");
        if (reason) this.triggerEvent("done", { reason });
        else this.onClose();
      },

      onClose() {
        this.triggerEvent("close");
      },

      onNothing() {},
    },
  }),
);
