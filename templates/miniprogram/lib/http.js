// wx.request as a promise, and its failures by kind.

const { fault } = require("./faults.js");

const SECONDS = 60; // the longest that a phone lets a request take

/**
 * @param {WechatMiniprogram.Wx} wx
 * @param {{url: string, method?: "GET" | "POST", header?: object, data?: any, seconds?: number}} asked
 * @returns {Promise<{status: number, data: any, header: Record<string, string>}>} fails with "offline",
 *   "timeout" or "domain"
 */
function request(wx, { url, method = "GET", header = {}, data, seconds = 20 }) {
  return new Promise((resolve, reject) => {
    wx.request({
      url,
      method,
      header,
      data,
      dataType: "其他", // nothing is parsed for us: what is no JSON is to be noticed
      timeout: Math.min(seconds, SECONDS) * 1000,
      success: (got) => resolve({ status: got.statusCode, data: got.data, header: lower(got.header) }),
      fail: (wrong) => reject(failed(wrong)),
    });
  });
}

/** Headers come as the server wrote them, or as the phone likes. */
function lower(header) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const name of Object.keys(header || {})) found[name.toLowerCase()] = String(header[name]);
  return found;
}

/** What wx says of a request, a socket or a file that failed. */
function failed(wrong) {
  const said = String((wrong && wrong.errMsg) || "");
  if (/domain|合法域名/i.test(said)) return fault("domain", { message: said });
  if (/time(d )?-?out/i.test(said)) return fault("timeout", { message: said });
  return fault("offline", { message: said });
}

/** JSON as an object; a fault for anything else. */
function json(data) {
  try {
    const value = typeof data === "string" ? JSON.parse(data) : data;
    if (value && typeof value === "object" && !Array.isArray(value)) return value;
  } catch (_) { /* told below */ }
  throw fault("rubbish");
}

/** What a refusal says. */
function refused({ status, data, header }) {
  let told = {};
  try {
    const whole = json(data);
    told = whole.error && typeof whole.error === "object" ? whole.error : whole;
  } catch (_) { /* a proxy's own page */ }
  const code = typeof told.code === "string" && told.code ? told.code.slice(0, 64) : `http_${status}`;
  const message = typeof told.message === "string" ? told.message.slice(0, 500) : "";
  const seconds = Number((header || {})["retry-after"]);
  const final = (header || {})["x-should-retry"] === "false";
  return fault(code, { message, status, again: seconds > 0 ? seconds : 0, final });
}

module.exports = { failed, json, lower, refused, request };
