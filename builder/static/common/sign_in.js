// Signing in without leaving the page: what was being done there goes on.

import { html, useEffect, useRef, useState } from "preact";
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
  const [given, setGiven] = useState({ name: "", password: "", code: "" });
  const [step, setStep] = useState({ asks: ["password"], path: "login", wrong: "" });
  const box = useRef(null);
  useEffect(() => void asked().then((asks) => setStep((now) => (now.path === "login" ? { ...now, asks } : now))), []);
  const enter = async () => {
    const next = await tried(step, given);
    if (!next) return (regained(), close(true));
    setStep(next);
    setTimeout(() => box.current?.querySelector(`#sign-in-${next.asks.at(-1)}`)?.select());
  };
  const field = (one, label, rest) =>
    step.asks.includes(one) && html`
      <${Field} key=${one} id="sign-in-${one}" label=${label}>
        <${Input} id="sign-in-${one}" value=${given[one]} ...${rest}
          onChange=${(value) => setGiven((now) => ({ ...now, [one]: value }))} onEnter=${enter} />
        </${Field}>
    `;
  const footer = [
    html`<${Button} label=${t("sign_in.later")} onClick=${() => close(false)} />`,
    html`<${Button} label=${t("sign_in.go")} look="primary" id="sign-in" onClick=${enter} />`,
  ];
  return html`
    <${Dialog} title=${t("sign_in.title")} close=${close} footer=${footer} id="sign-in-dialog">
      <div class="hy-stack" ref=${box}>
        <p class="soft">${t("sign_in.hint")}</p>
        ${field("name", t("sign_in.name"), { autocomplete: "username", autocapitalize: "none" })}
        ${field("password", t("sign_in.password"), {
          kind: "password",
          autocomplete: "current-password",
          autofocus: true,
        })}
        ${field("code", t("sign_in.code"), { autocomplete: "one-time-code", autofocus: true })}
        <div aria-live="assertive">${step.wrong && html`<${Callout} tone="bad" title=${step.wrong} />`}</div>
        </div>
      </${Dialog}>
  `;
}

/** What the login page asks for. */
async function asked() {
  try {
    const response = await fetch(new URL("login", document.baseURI), { signal: AbortSignal.timeout(SECONDS * 1000) });
    return asksOf(await page(response));
  } catch {
    return ["password"]; // it is asked again, with what is wrong
  }
}

const asksOf = (page) => (page.querySelector("#name") ? ["name", "password"] : ["password"]);

/** The login page's own forms, sent by hand: null when somebody is in, else the step that comes next. */
async function tried({ asks, path }, given) {
  try {
    const fields = Object.fromEntries(asks.map((one) => [one, given[one]]));
    const response = await fetch(new URL(path, document.baseURI), {
      method: "POST",
      body: new URLSearchParams({ ...fields, next: "/health" }),
      signal: AbortSignal.timeout(SECONDS * 1000),
    });
    const there = new URL(response.url).pathname;
    if (!/\/login(\/|$)/.test(there)) return null;
    const shown = await page(response);
    const wrong = shown.querySelector(".wrong")?.textContent.trim() ?? "";
    if (there.endsWith("/login/set-up")) return { asks, path, wrong: t("sign_in.set_up") };
    if (shown.querySelector("#code")) return { asks: ["code"], path: "login/second", wrong };
    if (there.endsWith("/login/second")) return { asks, path, wrong: t("sign_in.set_up") }; // a passkey alone
    return { asks: asksOf(shown), path: "login", wrong: wrong || t("sign_in.failed") };
  } catch {
    return { asks, path, wrong: t("error.offline") };
  }
}

/** Inert: nothing of it runs. */
const page = async (response) => new DOMParser().parseFromString(await response.text(), "text/html");
