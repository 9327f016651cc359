// An answer's blocks. All of it is text in views of ours: nothing in it is read as a page.

Component(
  /** @type {any} */ ({
    options: { addGlobalClass: true },

    properties: {
      /** See lib/markdown.js. */
      blocks: { type: Array, value: [] },
      t: { type: Object, value: {} },
    },

    methods: {
      onLink({ currentTarget: { dataset: { href } } }) {
        if (href) this.triggerEvent("link", { href });
      },

      onCode({ currentTarget: { dataset: { at } } }) {
        const block = this.data.blocks[at];
        if (block) this.triggerEvent("code", { text: block.text });
      },
    },
  }),
);
