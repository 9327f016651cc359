// Whether the server answers and knows us. A bar under the page's top says when not; `whenBack` waits for the end of it.

import { button, h, icon } from "./dom.js";
import { t } from "./texts.js";

const EVERY = 2000; // ms between two looks whether it is back

let outage = null; // {kind, bar, back, over} while there is one

/** No answer came. Looks until one comes. */
export function lost() {
  begin("lost", [t("lost.title"), t("lost.hint")]);
}

/** The login ended; `again` asks for the password. */
export function signedOut(again) {
  begin(
    "signed_out",
    [t("signed_out.title"), t("signed_out.hint")],
    button(t("signed_out.go"), { id: "sign-in-again", onclick: again }),
  );
}

/** An answer came. */
export function regained() {
  outage?.over();
}

/** Resolves at once when all is well. */
export const whenBack = () => outage?.back ?? Promise.resolve();

function begin(kind, [title, hint], ...actions) {
  if (outage?.kind === kind) return;
  const { promise, resolve } = outage ?? Promise.withResolvers();
  outage?.bar.remove();
  const bar = h(
    "div",
    { class: "hy hy-outage", role: "alert", "data-testid": "outage" },
    icon("warn", 18),
    h("div", {}, h("b", {}, title), h("span", {}, hint)),
    actions,
  );
  document.body.prepend(bar);
  const over = () => {
    outage.bar.remove();
    outage = null;
    resolve();
    document.dispatchEvent(new CustomEvent("hongyan:back"));
  };
  outage = { kind, bar, back: promise, promise, resolve, over };
  if (kind === "lost") look();
}

async function look() {
  if (outage?.kind !== "lost") return;
  try {
    const response = await fetch(new URL("health", document.baseURI), {
      cache: "no-store",
      signal: AbortSignal.timeout(5000),
    });
    if (response.ok && outage?.kind === "lost") return outage.over();
  } catch {
    // not yet
  }
  setTimeout(look, EVERY);
}

addEventListener("online", () => outage?.kind === "lost" && look());
