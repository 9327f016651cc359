// What the phone is: its language, and whether it can be asked for the rest.

/** The phone's language, such as "zh_CN"; "zh_CN" where it does not say. */
function languageOf(wx) {
  try {
    const info = wx.getAppBaseInfo ? wx.getAppBaseInfo() : wx.getSystemInfoSync();
    return info.language || "zh_CN";
  } catch (_) {
    return "zh_CN";
  }
}

/** Bytes as people say them. */
function sized(bytes) {
  if (bytes >= 1024 * 1024) return `${Math.round(bytes / 1024 / 102.4) / 10} MB`;
  return `${Math.max(1, Math.round(bytes / 1024))} kB`;
}

module.exports = { languageOf, sized };
