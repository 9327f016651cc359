// Voice: one tap begins, another ends and sends. It needs no holding, which not everybody can.

const MOST = 60 * 1000; // milliseconds, as long as a voice message may be
const LEAST = 800;

function recorderOf(page) {
  if (page.recorder) return page.recorder;
  const recorder = wx.getRecorderManager();
  recorder.onStart(() => page.setData({ isRecording: true }));
  recorder.onError(({ errMsg }) => {
    page.setData({ isRecording: false });
    const { t } = page.data;
    wx.showToast({ title: /auth|deny|privacy/i.test(errMsg || "") ? t.noMicrophone : errMsg, icon: "none" });
  });
  recorder.onStop(({ tempFilePath, duration, fileSize }) => {
    page.setData({ isRecording: false });
    if (page.isLeft) return;
    if (duration < LEAST) return wx.showToast({ title: page.data.t.tooShort, icon: "none" });
    page.add({ path: tempFilePath, name: "voice.mp3", size: fileSize, kind: "voice" }).then(() => page.onSend());
  });
  page.recorder = recorder;
  return recorder;
}

/** Nobody listens any more, and nothing is sent. */
function leave(page) {
  page.isLeft = true;
  if (page.recorder && page.data.isRecording) page.recorder.stop();
}

module.exports = {
  leave,

  methods: /** @type {any} */ ({
    onRecord() {
      const recorder = recorderOf(this);
      if (this.data.isRecording) return recorder.stop();
      recorder.start({ duration: MOST, format: "mp3", sampleRate: 16000, numberOfChannels: 1, encodeBitRate: 48000 });
    },
  }),
};
