// What the agent is, what it keeps of whom and how long, and the way out.

const { fill } = require("../../lib/texts.js");

Component(
  /** @type {any} */ ({
    options: { addGlobalClass: true },

    data: { t: {}, name: "", about: "", label: "", consent: "", collects: [], canRead: false, template: "" },

    lifetimes: {
      attached() {
        const app = /** @type {any} */ (getApp());
        const t = app.texts;
        const about = app.client.about || { name: app.config.name, about: "", label: "", consent: "", collects: [] };
        wx.setNavigationBarTitle({ title: t.aboutTitle });
        this.setData({
          t,
          name: about.name,
          about: about.about,
          label: about.label,
          consent: about.consent,
          collects: about.collects.map(({ what, why, days }) => ({
            what,
            why,
            days: days > 0 ? fill(t.days, { days }) : t.untilDeleted,
          })),
          canRead: Boolean(wx.openPrivacyContract),
          template: wx.requestSubscribeMessage ? app.config.template || "" : "",
        });
      },
    },

    methods: {
      onRead() {
        wx.openPrivacyContract({});
      },

      /** One consent is one message: https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/subscribe-message.html */
      onSubscribe() {
        const { t, template } = this.data;
        wx.requestSubscribeMessage({
          tmplIds: [template],
          success: (given) => given[template] === "accept" && wx.showToast({ title: t.subscribed, icon: "none" }),
        });
      },

      onLeave() {
        const { t } = this.data;
        wx.showModal({
          title: t.leave,
          content: t.leaveSure,
          confirmText: t.ok,
          cancelText: t.cancel,
          success: ({ confirm }) => confirm && this.leave(),
        });
      },

      async leave() {
        const { t } = this.data;
        await /** @type {any} */ (getApp()).client.leave();
        wx.showToast({ title: t.left, icon: "none" });
        wx.reLaunch({ url: "/pages/chat/chat" });
      },
    },
  }),
);
