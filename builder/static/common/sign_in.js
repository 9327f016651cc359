// Signing in without leaving the page: what was being done there goes on.

import { html, useRef, useState } from "preact";
import { regained } from "./connection.js";
import { Dialog, open } from "./dialog.js";
import { Button, Callout } from "./elements.js";
import { Field, Input } from "./field.js";
import { t } from "./texts.js";

const SECONDS = 20; // that it may take

let asking = null; // the one question that is open
let declined = false;

/** Ask for the password; whether somebody signed in. `quiet`: nobody clicked, so a refusal is not asked about again. */
export function signIn({ quiet = false } = {}) {
  if (quiet && declined && !asking) return Promise.resolve(false);
  asking ??= open(SignIn).then((done) => {
    asking = null;
    declined = !done;
    return Boolean(done);
  });
  return asking;
}

function SignIn({ close }) {
  const [password, setPassword] = useState("");
  const [wrong, setWrong] = useState("");
  const box = useRef(null);
  const enter = async () => {
    const refused = await refusal(password);
    setWrong(refused);
    if (refused) return box.current.querySelector("input").select();
    regained();
    close(true);
  };
  const footer = [
    html`<${Button} label=${t("sign_in.later")} onClick=${() => close(false)} />`,
    html`<${Button} label=${t("sign_in.go")} look="primary" id="sign-in" onClick=${enter} />`,
  ];
  return html`
    <${Dialog} title=${t("sign_in.title")} close=${close} footer=${footer} id="sign-in-dialog">
      <div class="hy-stack" ref=${box}>
        <p class="soft">${t("sign_in.hint")}</p>
        <${Field} id="sign-in-password" label=${t("sign_in.password")}>
          <${Input} id="sign-in-password" kind="password" autocomplete="current-password" value=${password} autofocus
            onChange=${setPassword} onEnter=${enter} />
          </${Field}>
          <div aria-live="assertive">${wrong && html`<${Callout} tone="bad" title=${wrong} />`}</div>
          </div>
          </${Dialog}>
  `;
}

/** Why the password was not taken; "" when it was. The login page's own form, sent by hand. */
async function refusal(password) {
  try {
    const response = await fetch(new URL("login", document.baseURI), {
      method: "POST",
      body: new URLSearchParams({ password, next: "/health" }),
      redirect: "manual",
      signal: AbortSignal.timeout(SECONDS * 1000),
    });
    if (response.type === "opaqueredirect" || response.redirected) return "";
    const page = new DOMParser().parseFromString(await response.text(), "text/html"); // inert: nothing of it runs
    return page.querySelector(".wrong")?.textContent.trim() || t("sign_in.failed");
  } catch {
    return t("error.offline");
  }
}
