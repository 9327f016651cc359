// Signing in without leaving the page: what was being done there goes on.

import { regained } from "./connection.js";
import { button, callout, h } from "./dom.js";
import { dialog } from "./overlay.js";
import { t } from "./texts.js";

let asking = null; // the one question that is open
let declined = false;

/** Ask for the password; whether somebody signed in. `quiet`: nobody clicked, so a refusal is not asked about again. */
export function signIn({ quiet = false } = {}) {
  if (quiet && declined && !asking) return Promise.resolve(false);
  asking ??= ask().finally(() => (asking = null));
  return asking;
}

function ask() {
  const { promise, resolve } = Promise.withResolvers();
  const password = h("input", {
    type: "password",
    class: "hy-input",
    id: "sign-in-password",
    autocomplete: "current-password",
    "data-testid": "sign-in-password",
  });
  const trouble = h("div", { "aria-live": "assertive" });
  const enter = async () => {
    const wrong = await refusal(password.value);
    if (wrong) {
      trouble.replaceChildren(callout("bad", wrong));
      return password.select();
    }
    declined = false;
    resolve(true);
    regained();
    shown.close();
  };
  const go = button(t("sign_in.go"), { look: "primary", id: "sign-in", onclick: enter });
  password.addEventListener("keydown", (event) => event.key === "Enter" && go.click());
  const body = h(
    "div",
    { class: "hy-stack" },
    h("p", { class: "soft" }, t("sign_in.hint")),
    h("div", { class: "hy-field" }, h("label", { for: "sign-in-password" }, t("sign_in.password")), password),
    trouble,
  );
  const later = button(t("sign_in.later"), { onclick: () => shown.close() });
  const shown = dialog(t("sign_in.title"), body, [later, go], { id: "sign-in-dialog" });
  shown.node.addEventListener("close", () => {
    declined = true; // nothing, when it was resolved before
    resolve(false);
  });
  promise.then((done) => (declined = !done));
  password.focus();
  return promise;
}

/** Why the password was not taken; "" when it was. The login page's own form, sent by hand. */
async function refusal(password) {
  try {
    const response = await fetch(new URL("login", document.baseURI), {
      method: "POST",
      body: new URLSearchParams({ password, next: "/health" }),
      redirect: "manual",
      signal: AbortSignal.timeout(20_000),
    });
    if (response.type === "opaqueredirect" || response.redirected) return "";
    const page = new DOMParser().parseFromString(await response.text(), "text/html"); // inert: nothing of it runs
    return page.querySelector(".wrong")?.textContent.trim() || t("sign_in.failed");
  } catch {
    return t("error.offline");
  }
}
