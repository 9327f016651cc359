// What can be done with an answer: choose, copy, judge, report, try again, follow a link.

module.exports = /** @type {any} */ ({
  /** Two taps send once: what was chosen can no more be. */
  onChoice({ currentTarget: { dataset: { value, of, text } } }) {
    this.chosen = this.chosen || {};
    if (!value || this.chosen[of]) return;
    this.chosen[of] = true;
    this.isAtEnd = true;
    this.client.send(value, [], text);
  },

  onRetry({ currentTarget: { dataset: { id } } }) {
    this.isAtEnd = true;
    this.client.again(id);
  },

  onCopy({ currentTarget: { dataset: { key } } }) {
    const one = this.client.transcript.all.find((found) => found.key === key);
    if (one) this.copy(one.text);
  },

  onCode({ detail: { text } }) {
    this.copy(text);
  },

  copy(text) {
    const { t } = this.data;
    wx.setClipboardData({ data: text, success: () => wx.showToast({ title: t.copied, icon: "none" }) });
  },

  /** A Mini Program opens no address of others: it is shown, and copied by whoever wants to. */
  onLink({ detail: { href } }) {
    const { t } = this.data;
    wx.showModal({
      title: t.link,
      content: href.slice(0, 500),
      confirmText: t.copy,
      cancelText: t.cancel,
      success: ({ confirm }) => confirm && this.copy(href),
    });
  },

  onJudge({ currentTarget: { dataset: { id, verdict } } }) {
    this.judge(id, verdict, "");
    if (verdict === "bad") this.setData({ judged: id, reports: false });
  },

  onReport({ currentTarget: { dataset: { id } } }) {
    this.setData({ judged: id, reports: true });
  },

  onJudged() {
    this.setData({ judged: "" });
  },

  onReason({ detail: { reason } }) {
    const { judged, reports, t } = this.data;
    this.setData({ judged: "" });
    this.judge(judged, "bad", reports ? `${t.report}：${reason}` : reason);
  },

  judge(id, verdict, reason) {
    const { t } = this.data;
    const say = (title) => wx.showToast({ title, icon: "none" });
    return this.client.feedback(id, verdict, reason).then(
      () => verdict !== "none" && say(t.thanks),
      (error) => say(error.told || t.unreached),
    );
  },
});
