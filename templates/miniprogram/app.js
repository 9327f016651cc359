// One agent, of which all pages are told the same.

const config = require("./config.js");
const { AgentClient } = require("./lib/client.js");
const { languageOf } = require("./lib/phone.js");
const { textsOf } = require("./lib/texts.js");

App(
  /** @type {any} */ ({
    onLaunch() {
      const language = languageOf(wx);
      this.config = config;
      this.texts = textsOf(language);
      this.client = new AgentClient({ wx, config, language: language.replace("_", "-") });
      wx.onNetworkStatusChange(({ isConnected }) => isConnected && this.client.reached());
    },

    onShow() {
      this.client.here();
    },

    // The phone takes the network away five seconds later: https://developers.weixin.qq.com/miniprogram/dev/framework/runtime/operating-mechanism.html
    onHide() {
      this.client.away();
    },
  }),
);
