// A phone that shows what the platform will really show: the same parts, the same size.

import { h, icon, initial } from "../common/dom.js";
import { t } from "../common/texts.js";

/**
 * `exchanges`: [{asked, parts: [{text, size}], limit, unit}], oldest first; no parts: still waiting.
 * `names`: how the channel's things are called.
 */
export function phone(name, exchanges, names) {
  const body = h("div", { class: "hy-phone-body", role: "log", "aria-label": t("phone.log", names), tabIndex: 0 });
  for (const { asked, parts, limit, unit, failed } of exchanges) {
    body.append(bubble("me", t("phone.me"), asked));
    if (failed) body.append(h("div", { class: "hy-phone-failed" }, t("phone.failed")));
    for (const part of parts || []) {
      body.append(bubble("them", initial(name), part.text));
      if (limit) body.append(sizeOf(part, limit, unit));
    }
  }
  if (!exchanges.length) body.append(h("div", { class: "hy-phone-hint" }, t("phone.empty", names)));
  requestAnimationFrame(() => (body.scrollTop = body.scrollHeight));
  return frame(h("b", {}, name), body);
}

/** How much of a message's room a part takes. */
const sizeOf = ({ size }, limit, unit) =>
  h(
    "div",
    { class: `hy-phone-bytes${size > limit ? " over" : ""}`, "data-testid": "part-size" },
    t(`phone.${unit}`, { n: size, limit }),
  );

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
