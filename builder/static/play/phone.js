// A phone that shows what WeChat will really show: the same parts, the same bytes.

import { h, icon, initial } from "../common/dom.js";
import { t } from "../common/texts.js";

/** `exchanges`: [{asked, parts: [{text, bytes}], limit}], oldest first; no parts: still waiting. */
export function phone(name, exchanges) {
  const body = h("div", { class: "hy-phone-body", role: "log", "aria-label": t("phone.log"), tabIndex: 0 });
  for (const { asked, parts, limit, failed } of exchanges) {
    body.append(bubble("me", t("phone.me"), asked));
    if (failed) body.append(h("div", { class: "hy-phone-failed" }, t("phone.failed")));
    for (const part of parts || []) {
      body.append(bubble("them", initial(name), part.text));
      body.append(
        h(
          "div",
          { class: `hy-phone-bytes${part.bytes > limit ? " over" : ""}`, "data-testid": "part-bytes" },
          t("phone.bytes", { n: part.bytes, limit }),
        ),
      );
    }
  }
  if (!exchanges.length) body.append(h("div", { class: "hy-phone-hint" }, t("phone.empty")));
  requestAnimationFrame(() => (body.scrollTop = body.scrollHeight));
  return frame(h("b", {}, name), body);
}

/** The phone around a chat. */
export function frame(title, body) {
  return h(
    "div",
    { class: "hy-phone", "data-testid": "phone" },
    h("div", { class: "hy-phone-top" }, icon("back", 16), title, icon("more", 16)),
    body,
    h("div", { class: "hy-phone-foot", "aria-hidden": "true" }, h("i", {}), icon("plus", 18)),
  );
}

/** `text` may be several elements. */
export function bubble(who, letter, text) {
  return h(
    "div",
    { class: `hy-bubble ${who}` },
    h("span", { class: "face", "aria-hidden": "true" }, letter),
    h("p", { "data-testid": `bubble-${who}` }, text),
  );
}
