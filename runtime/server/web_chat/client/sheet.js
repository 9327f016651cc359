// What lies above the conversation: the menu, what is collected, and what a visitor may have done with it.

import { html, useEffect, useRef } from "preact";
import { Icon, Tap } from "./icons.js";

const REACHED = "button:not([disabled]), a[href], textarea, input:not([hidden]), [tabindex='0']";

/** Escape closes, and whoever had the focus gets it back, or `back`. `on`: while it is so; `held`: Tab stays inside. */
export function useTrap(box, close, on = true, held = true, back = null) {
  useEffect(() => {
    if (!on) return;
    const root = box.current.getRootNode();
    const before = root.activeElement;
    const inside = () => [...box.current.querySelectorAll(REACHED)].filter((one) => one.getClientRects().length);
    const key = (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        return close();
      }
      if (event.key !== "Tab" || !held) return;
      const all = inside();
      const [edge, other] = event.shiftKey ? [all[0], all[all.length - 1]] : [all[all.length - 1], all[0]];
      if (root.activeElement !== edge && box.current.contains(root.activeElement)) return;
      event.preventDefault();
      other?.focus();
    };
    box.current.addEventListener("keydown", key);
    if (!box.current.contains(before)) inside()[0]?.focus();
    const there = box.current;
    return () => {
      there.removeEventListener("keydown", key);
      (back?.current ?? before)?.focus?.();
    };
  }, [on, held]);
}

export function Sheet({ title, close, say, children }) {
  const box = useRef(null);
  useTrap(box, close);
  return html`
    <div class="veil" onClick=${(event) => event.target === event.currentTarget && close()}>
      <section class="sheet" ref=${box} role="dialog" aria-modal="true" aria-label=${title}>
        <div class="title"><h2>${title}</h2><${Tap} icon="close" label=${say("close")} onClick=${close} /></div>
        ${children}
      </section>
    </div>
  `;
}

/** What is known of the visitor here, and what they can have done with it. */
export function Privacy({ client, about, say, send, close }) {
  const { own = {} } = about;
  const known = client.session.known;
  const ask = (words) => {
    send(words);
    close();
  };
  const leave = async () => {
    await client.end();
    close();
  };
  return html`
    <${Sheet} title=${say("privacy")} close=${close} say=${say}>
      ${about.consent && html`<p class="consent">${about.consent}</p>`}
      <${Collected} about=${about} say=${say} />
      <p class="soft">${say("privacy.here")}</p>
      <div class="deeds">
        ${known && own.export && html`<button type="button" onClick=${() => ask(own.export)}>
          <${Icon} name="download" />${say("privacy.export")}</button>`}
        ${known && own.forget && html`<button type="button" onClick=${() => ask(own.forget)}>
          <${Icon} name="trash" />${say("privacy.forget")}</button>`}
        ${known &&
          html`<button type="button" onClick=${leave}><${Icon} name="leave" />${say("privacy.leave")}</button>`}
      </div>
    </${Sheet}>
  `;
}

function Collected({ about, say }) {
  if (!about.collects?.length) return null;
  return html`
    <ul class="collected">
      ${about.collects.map(({ what, why, days }, i) =>
        html`
          <li key=${i}><b>${what}</b><span>${why}</span>
            <small>${days ? say("privacy.days", { days }) : say("privacy.for_now")}</small></li>
        `
      )}
    </ul>
  `;
}
