// A phone that shows what the person will really see: the same parts, the same bytes.

import { html, useLayoutEffect, useRef } from "preact";
import { Icon, initial } from "../common/elements.js";
import { t } from "../common/texts.js";

/** `exchanges`: [{asked, parts: [{text, bytes}], limit}], oldest first; no parts: still waiting. */
export function Phone({ name, exchanges }) {
  const body = useRef(null);
  useLayoutEffect(() => void (body.current.scrollTop = body.current.scrollHeight), [exchanges]);
  return html`
    <${Frame} title=${html`<b>${name}</b>`}>
      <div class="hy-phone-body" role="log" aria-label=${t("phone.log")} tabindex="0" ref=${body}>
          ${exchanges.map((one, i) => html`<${Exchange} key=${i} name=${name} ...${one} />`)}
          ${!exchanges.length && html`<div class="hy-phone-hint">${t("phone.empty")}</div>`}
        </div>
      </${Frame}>
  `;
}

function Exchange({ name, asked, parts, limit, failed }) {
  return [
    html`<${Bubble} who="me" letter=${t("phone.me")}>${asked}</${Bubble}>`,
    failed && html`<div class="hy-phone-failed">${t("phone.failed")}</div>`,
    (parts || []).map(({ text, bytes }) => [
      html`<${Bubble} who="them" letter=${initial(name)}>${text}</${Bubble}>`,
      html`<div class="hy-phone-bytes ${bytes > limit ? "over" : ""}" data-testid="part-bytes">
        ${t("phone.bytes", { n: bytes, limit })}
      </div>`,
    ]),
  ];
}

/** How much of a message's room a part takes. */
const sizeOf = ({ size }, limit, unit) =>
  h(
    "div",
    { class: `hy-phone-bytes${size > limit ? " over" : ""}`, "data-testid": "part-size" },
    t(`phone.${unit}`, { n: size, limit }),
  );

/** The phone around a chat. */
export function Frame({ title, children }) {
  return html`<div class="hy-phone" data-testid="phone">
    <div class="hy-phone-top"><${Icon} name="back" />${title}<${Icon} name="more" /></div>
    ${children}
    <div class="hy-phone-foot" aria-hidden="true"><i></i><${Icon} name="plus" size=${18} /></div>
  </div>`;
}

export function Bubble({ who, letter, children }) {
  return html`<div class="hy-bubble ${who}">
    <span class="face" aria-hidden="true">${letter}</span><p data-testid="bubble-${who}">${children}</p>
  </div>`;
}
