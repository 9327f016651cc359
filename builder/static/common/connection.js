// Whether the server answers and knows us. A bar under the page's top says when not; `whenBack` waits for the end of it.

import { html, render } from "preact";
import { Button, Icon } from "./elements.js";
import { t } from "./texts.js";

const EVERY = 2000; // ms between two looks whether it is back
const LONGEST = 10_000; // ms until the first look, where the server is well and yet gives no answers
const CALM = 5000; // ms without an outage after which the next one has nothing to do with the last

let waits = 0, endedAt = -Infinity; // ms; of the last outage that a look ended
let outage = null; // {kind, bar, back, over} while there is one

/** No answer came. Looks until one comes. */
export function lost() {
  begin("lost", html`<${Told} title=${t("lost.title")} hint=${t("lost.hint")} />`);
}

/** No connection, and something else looks until there is one: it calls `regained` then. */
export function cut() {
  begin("cut", html`<${Told} title=${t("lost.title")} hint=${t("cut.hint")} />`);
}

/** The login ended; `again` asks for the password. */
export function signedOut(again) {
  const button = html`<${Button} label=${t("signed_out.go")} id="sign-in-again" onClick=${again} />`;
  begin("signed_out", html`<${Told} title=${t("signed_out.title")} hint=${t("signed_out.hint")}>${button}</${Told}>`);
}

/** Nobody looks for one any more; `again` loads the page anew. */
export function ended(again) {
  const button = html`<${Button} label=${t("ended.go")} id="load-again" onClick=${again} />`;
  begin("ended", html`<${Told} title=${t("ended.title")} hint=${t("ended.hint")}>${button}</${Told}>`);
}

/** An answer came. */
export function regained() {
  outage?.over();
}

/** Resolves at once when all is well. */
export const whenBack = () => outage?.back ?? Promise.resolve();

function begin(kind, told) {
  if (outage?.kind === kind) return;
  const { promise, resolve } = outage ?? Promise.withResolvers();
  outage?.bar.remove();
  const bar = Object.assign(document.createElement("div"), { className: "hy hy-outage", role: "alert" });
  bar.dataset.testid = "outage";
  document.body.prepend(bar);
  render(told, bar);
  const over = () => {
    outage.bar.remove();
    outage = null;
    resolve();
    document.dispatchEvent(new CustomEvent("hongyan:back"));
  };
  outage = { kind, bar, back: promise, promise, resolve, over };
  if (kind !== "lost") return;
  // Otherwise a page whose answers fail would ask again and again without a pause, and flicker.
  waits = performance.now() - endedAt > CALM ? 0 : Math.min(Math.max(EVERY, waits * 2), LONGEST);
  if (waits) setTimeout(look, waits);
  else look();
}

function Told({ title, hint, children }) {
  return [html`<${Icon} name="warning" size=${18} />`, html`<div><b>${title}</b><span>${hint}</span></div>`, children];
}

async function look() {
  if (outage?.kind !== "lost") return;
  try {
    /** @type {RequestInit} */
    const asked = { cache: "no-store", signal: AbortSignal.timeout(5000) };
    const response = await fetch(new URL("health", document.baseURI), asked);
    if (response.ok && outage?.kind === "lost") {
      endedAt = performance.now();
      return outage.over();
    }
  } catch {
    // not yet
  }
  setTimeout(look, EVERY);
}

addEventListener("online", () => outage?.kind === "lost" && look());
