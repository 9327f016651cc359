// Files of messages: pictures are shown, voice is heard, the rest is opened by the phone.

/** @returns {Promise<string>} where the phone has it; asked for once as long as the page is there */
function fetched(page, id) {
  page.fetched = page.fetched || {};
  if (!page.fetched[id]) {
    page.fetched[id] = page.client.download(id).catch((error) => {
      delete page.fetched[id];
      throw error;
    });
  }
  return page.fetched[id];
}

/** Ends what is heard. */
function quiet(page) {
  if (page.sound) page.sound.destroy();
  page.sound = null;
}

function play(page, path) {
  quiet(page);
  page.sound = wx.createInnerAudioContext();
  page.sound.src = path;
  page.sound.onEnded(() => quiet(page));
  page.sound.onError(() => quiet(page));
  page.sound.play();
}

function open(page, path, kind) {
  if (kind === "voice") play(page, path);
  else if (kind === "image") wx.previewImage({ urls: [path] });
  else if (kind === "video") wx.previewMedia({ sources: [{ url: path, type: "video" }] });
  else wx.openDocument({ filePath: path, showMenu: true });
}

module.exports = {
  quiet,

  methods: /** @type {any} */ ({
    onFile({ currentTarget: { dataset: { id, kind } } }) {
      const { t } = this.data;
      return fetched(this, id).then((path) => {
        if (kind === "image") this.setData({ pictures: Object.assign({}, this.data.pictures, { [id]: path }) });
        open(this, path, kind);
      }).catch((error) => wx.showToast({ title: error.told || t.unreached, icon: "none" }));
    },
  }),
};
