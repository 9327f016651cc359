// The phone's storage, where it can be had: else what is kept lasts as long as the app runs.

class Store {
  /**
   * @param {WechatMiniprogram.Wx} wx
   * @param {string} place before each name, so that two publications share nothing
   */
  constructor(wx, place) {
    this.wx = wx;
    this.place = `hy.${place}.`;
    this.inMemory = {};
    this.isFull = false;
  }

  /** What was put there, or `otherwise`; whoever reads it checks what it is. */
  get(name, otherwise) {
    if (Object.prototype.hasOwnProperty.call(this.inMemory, name)) return this.inMemory[name];
    try {
      const text = this.wx.getStorageSync(this.place + name);
      return typeof text === "string" && text ? JSON.parse(text) : otherwise;
    } catch (_) {
      return otherwise;
    }
  }

  /** @returns {boolean} whether it outlives the app */
  put(name, value) {
    try {
      this.wx.setStorageSync(this.place + name, JSON.stringify(value));
      delete this.inMemory[name];
      this.isFull = false;
    } catch (_) {
      this.inMemory[name] = value;
      this.isFull = true;
    }
    return !this.isFull;
  }

  drop(name) {
    delete this.inMemory[name];
    try {
      this.wx.removeStorageSync(this.place + name);
    } catch (_) {
      this.inMemory[name] = null;
    }
  }
}

module.exports = { Store };
