// The insights, which Streamlit draws: our bar above them, links from page to page, light and dark.

import { cut, ended, regained, signedOut } from "../common/connection.js";
import { mount as bar } from "../common/nav.js";
import { showComing } from "./coming.js";
import { stateOf } from "./state.js";

const LOOK = 1000; // milliseconds between two looks at whether there is a connection
const SOON = 200; // while there is nothing to see yet
const PATIENCE = 5000; // milliseconds that a page may take to come before its heading is not waited for

/** In the page that is there: nothing is loaded anew, and what was chosen in the filters stays. */
function go(event) {
  const link = event.target.closest?.("a.hy-go");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (!document.querySelector("[data-test-connection-state=CONNECTED]")) return; // the browser goes itself
  event.preventDefault();
  const before = document.querySelector("h1");
  history.pushState({}, "", link.href);
  dispatchEvent(new PopStateEvent("popstate")); // Streamlit runs the page of the address
  arrive(before, before?.textContent, Date.now() + PATIENCE);
}

/** Whoever reads with ears or walks with keys goes on at the new page's heading. */
function arrive(before, text, until) {
  const heading = document.querySelector("h1");
  if (heading && (heading !== before || heading.textContent !== text)) {
    scrollTo(0, 0);
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  } else if (Date.now() < until) setTimeout(arrive, 60, before, text, until);
}

/** Streamlit's fields are closed while it has no connection, and keep what was typed; it is said why. */
function watchConnection(was = "", began = performance.now()) {
  const app = /** @type {HTMLElement} */ (document.querySelector("[data-test-connection-state]"));
  const now = app?.dataset.testConnectionState ?? "INITIAL";
  const drawn = Boolean(document.querySelector("#root h1, #root [role=alert]"));
  const state = stateOf({ now, was, drawn, online: navigator.onLine, waited: performance.now() - began });
  showComing(state);
  if (state === "ended" && was !== now) void whyEnded();
  else if (state === "cut") cut();
  else if (now === "CONNECTED") regained();
  setTimeout(watchConnection, drawn ? LOOK : SOON, now, began);
}

/** Streamlit tries no more: the login ended, or it gave up. */
async function whyEnded() {
  const again = () => location.reload();
  /** @type {RequestInit} */
  const asks = { method: "HEAD", redirect: "manual", cache: "no-store" };
  const { status, type } = await fetch(location.href, asks).catch(() => ({ status: 0, type: "error" }));
  if (status === 401 || type === "opaqueredirect") signedOut(again);
  else ended(again);
}

/** What an operator calls themselves stays in this browser, for the next page and the next day. */
function keepName({ target }) {
  if (!target.closest?.(".st-key-operator_name")) return;
  const path = new URL(".", document.baseURI).pathname;
  document.cookie = `operator=${encodeURIComponent(target.value)}; path=${path}; max-age=31536000; samesite=strict`;
}

/** On a phone the pages' names stand in one row that is longer than the screen. */
function showHere() {
  document.querySelector(".in-tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}

/** Streamlit takes its colours when it starts. */
function followTheme() {
  const isDark = () => document.body.classList.contains("dark");
  const began = isDark();
  new MutationObserver(() => isDark() !== began && location.reload())
    .observe(document.body, { attributes: true, attributeFilter: ["class"] });
}

const hasTabs = ({ addedNodes }) =>
  [...addedNodes].some((node) => node.matches?.(".in-tabs") || node.querySelector?.(".in-tabs"));

export function mount({ element }) {
  bar({ element, here: "insights" });
  followTheme();
  document.addEventListener("click", go);
  document.addEventListener("change", keepName);
  watchConnection();
  const sized = new ResizeObserver(showHere); // their sheet may come after them
  const watchTabs = () => {
    sized.disconnect();
    const tabs = document.querySelector(".in-tabs");
    if (tabs) sized.observe(tabs);
  };
  new MutationObserver((changes) => changes.some(hasTabs) && watchTabs())
    .observe(document.body, { childList: true, subtree: true });
  watchTabs(); // they may have come before this
}
