// A phone that shows what the platform will really show: the same parts, the same size.

import { html, useEffect, useLayoutEffect, useRef, useState } from "preact";
import { Icon, initial } from "../common/elements.js";
import { at } from "../common/root.js";
import { sized } from "../common/sized.js";
import { t } from "../common/texts.js";

/**
 * `exchanges`: [{asked, came: [{name, kind, bytes, url}], parts: [{text, size, kind, shown, read}], limit, unit}], oldest first; no parts: still waiting.
 * `names`: how the channel's things are called.
 */
export function Phone({ name, exchanges, names }) {
  const body = useRef(null);
  useLayoutEffect(() => void (body.current.scrollTop = body.current.scrollHeight), [exchanges]);
  return html`
    <${Frame} title=${html`<b>${name}</b>`}>
      <div class="hy-phone-body" role="log" aria-label=${t("phone.log", names)} tabindex="0" ref=${body}>
          ${exchanges.map((one, i) => html`<${Exchange} key=${i} name=${name} ...${one} />`)}
          ${!exchanges.length && html`<div class="hy-phone-hint">${t("phone.empty", names)}</div>`}
        </div>
      </${Frame}>
  `;
}

function Exchange({ name, asked, came = [], note, parts, limit, unit, failed }) {
  return [
    came.map((file) => html`<${Sent} ...${file} />`),
    note && html`<div class="hy-phone-note" data-testid="phone-note">${note}</div>`,
    !note && (asked || !came.length) && html`<${Bubble} who="me" letter=${t("phone.me")}>${asked}</${Bubble}>`,
    failed && html`<div class="hy-phone-failed">${t("phone.failed")}</div>`,
    (parts || []).map(({ text, size, kind, shown, read }) => [
      html`<${Bubble} who="them" letter=${initial(name)}>
        ${
        kind && kind !== "text" ? html`<${Rich} kind=${kind} text=${text} ...${shown} />` : (read || [text]).map(piece)
      }
      </${Bubble}>`,
      limit && (!kind || kind === "text") && html`<${Size} size=${size} limit=${limit} unit=${unit} />`,
    ]),
  ];
}

/** What a person sent, as they see it themselves: each a message of its own. */
function Sent({ name, kind, bytes, url }) {
  const whole = url && at(url);
  const face = html`<span class="face" aria-hidden="true">${t("phone.me")}</span>`;
  if (kind === "image" && whole) {
    return html`<div class="hy-bubble me">${face}
      <img class="hy-phone-image" src=${whole} alt=${name} data-testid="sent-image" /></div>`;
  }
  if (kind === "voice") return html`<div class="hy-bubble me">${face}<${VoiceBar} url=${whole} name=${name} /></div>`;
  return html`<div class="hy-bubble me">${face}
    <div class="hy-phone-file" data-testid="sent-file"><span><b>${name}</b><small>${sized(bytes)}</small></span>
      <${Icon} name="page" size=${28} /></div></div>`;
}

/** As long as the voice is, as far as the browser can tell. */
function VoiceBar({ url, name }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!url) return;
    const audio = new Audio();
    audio.preload = "metadata";
    audio.onloadedmetadata = () =>
      Number.isFinite(audio.duration) && setSeconds(Math.max(1, Math.round(audio.duration)));
    audio.src = url;
    return () => audio.removeAttribute("src");
  }, [url]);
  return html`
    <p class="hy-phone-voice" style=${`--long: ${Math.min(seconds, 60)}`} aria-label=${name}
      data-testid="sent-voice">${seconds > 0 && `${seconds}″`}<${Icon} name="voice" /></p>
  `;
}

/** Words, or a link's. */
const piece = (one) => typeof one === "string" ? one : html`<span class="hy-phone-link">${one.link}</span>`;

/** A picture, voice, a video, a file or a card. Only what the answer itself holds is shown: nothing is fetched. */
function Rich({ kind, text, url = "", title = "", description = "", question, options }) {
  if (kind === "choices") {
    return options
      ? [question, html`<span class="hy-phone-choices">${options.map((one) => html`<span>${one.text}</span>`)}</span>`]
      : text;
  }
  const isHere = url.startsWith("data:");
  if (kind === "image" && url.length > 5 && isHere) {
    return html`<img class="hy-phone-image" src=${url} alt=${title || text} />`;
  }
  return html`<span class="hy-phone-card" data-testid="part-${kind}">
    <b>${title || t(`phone.${kind}`)}</b>
    ${description && html`<span>${description}</span>`}
    ${!isHere && html`<small>${t(`phone.${kind}`)} · ${url}</small>`}
  </span>`;
}

/** How much of a message's room a part takes. */
function Size({ size, limit, unit }) {
  return html`<div class="hy-phone-bytes ${size > limit ? "over" : ""}" data-testid="part-size">
    ${t(`phone.${unit}`, { n: size, limit })}
  </div>`;
}

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
