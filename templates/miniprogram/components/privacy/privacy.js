// Before the phone gives pictures, files or the microphone, WeChat asks whether the privacy policy was agreed to.
// https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html

Component(
  /** @type {any} */ ({
    options: { addGlobalClass: true },

    properties: {
      t: { type: Object, value: {} },
    },

    data: { isShown: false },

    lifetimes: {
      attached() {
        this.answers = [];
        if (!wx.onNeedPrivacyAuthorization) return; // base library before 2.32.3
        wx.onNeedPrivacyAuthorization((resolve) => {
          this.answers.push(resolve);
          this.setData({ isShown: true });
        });
      },

      detached() {
        this.settle({ event: "disagree" });
      },
    },

    methods: {
      /** Everybody who waits is told. */
      settle(answer) {
        const waiting = this.answers;
        this.answers = [];
        waiting.forEach((resolve) => resolve(answer));
      },

      onAgree() {
        this.setData({ isShown: false });
        this.settle({ event: "agree", buttonId: "privacy-agree" });
      },

      onDisagree() {
        this.setData({ isShown: false });
        this.settle({ event: "disagree" });
      },

      onRead() {
        if (wx.openPrivacyContract) wx.openPrivacyContract({});
      },

      onNothing() {},
    },
  }),
);
