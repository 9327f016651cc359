// Two-step sign-in: set up with a picture and a code, renewed, and turned off by whoever can prove it is them.

import { html, useState } from "preact";
import { CopyButton, CopyField, download } from "../common/copy.js";
import { Dialog, open } from "../common/dialog.js";
import { Button, Callout, Card, Pill } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { told } from "../common/server.js";
import { ago, say, t } from "../common/texts.js";

const FEW = 3;

export function SecondFactor({ call, codes, required, asks_present: asks, again }) {
  const done = async (made) => {
    if (made?.codes) await open(Keep, made);
    if (made) await again();
  };
  const setUp = async () => {
    const begun = await open(Begin, { call, asks });
    if (begun) await done(await open(Scan, { call, ...begun }));
  };
  const off = {
    title: t("second.off.title"),
    hint: t("second.off.hint"),
    label: t("second.off"),
    look: "danger",
    ask: (present) => call("take_off_codes", { present }),
  };
  const renew = {
    title: t("second.renew"),
    hint: t("second.renew.hint"),
    label: t("second.renew"),
    ask: (present) => call("renew_recovery", { present }),
  };
  const actions = codes
    ? [
      html`<${Button} key="renew" label=${t("second.renew")} id="second-renew" onClick=${() =>
        void open(Ask, renew).then(done)} />`,
      html`
        <${Button} key="off" label=${t("second.off")} id="second-off"
          onClick=${() => void open(Ask, off).then(done)} />
      `,
    ]
    : html`<${Button} label=${t("second.set_up")} look="primary" id="second-on" onClick=${() => void setUp()} />`;
  return html`
    <${Card} title=${t("second.title")} hint=${t("second.hint")} data-testid="second-factor">
      <div class="hy-stack tight">
      ${required && html`<p class="soft">${t("second.required")}</p>`}
      ${codes && html`
        <p>
          <${Pill} tone="ok">${t("second.on")}</${Pill}> ${t("second.since", {
            when: ago(codes.since),
            n: codes.recovery,
          })}</p>
      `}
      ${codes && codes.recovery <= FEW && html`<${Callout} tone="warn" title=${t("second.few")} />`}
      <div class="hy-row">${actions}</div>
      </div>
      </${Card}>
  `;
}

/** Asks for the password or a code, and does it. */
export function Ask({ title, hint, label, look = "primary", ask, close }) {
  const [present, setPresent] = useState("");
  const [wrong, setWrong] = useState("");
  const go = async () => {
    const answer = await ask(present);
    if (!answer.ok) return setWrong(say(answer.text));
    close(told(answer));
  };
  const does = { label, look, id: "ask-go", onClick: go };
  return html`
    <${Dialog} title=${title} close=${close} does=${does} id="ask-dialog">
      <p>${hint}</p>
      <${Present} label=${t("second.present")} present=${present} change=${setPresent} wrong=${wrong} go=${go} />
      </${Dialog}>
  `;
}

export const Present = ({ label, present, change, wrong, go = undefined }) =>
  html`
    <${Field} id="present" label=${label} wrong=${wrong}>
      <${Input} id="present" kind="password" autocomplete="current-password" value=${present} wrong=${wrong}
        autofocus onChange=${change} onEnter=${go} />
      </${Field}>
  `;

/** Before anything is shown: closes with what an app takes. */
function Begin({ call, asks, close }) {
  const [present, setPresent] = useState("");
  const [wrong, setWrong] = useState("");
  const go = async () => {
    const answer = await call("begin_codes", { present });
    if (!answer.ok) return setWrong(say(answer.text));
    close(answer.value);
  };
  const does = { label: t("second.next"), id: "second-next", onClick: go };
  return html`
    <${Dialog} title=${t("second.title")} close=${close} does=${does} id="second-dialog">
      <p>${t("second.hint")}</p>
      ${asks &&
        html`<${Present} label=${
          t("second.password")
        } present=${present} change=${setPresent} wrong=${wrong} go=${go} />`}
      ${!asks && wrong && html`<${Callout} tone="bad" title=${wrong} />`}
      </${Dialog}>
  `;
}

function Scan({ call, nonce, secret, picture, close }) {
  const [code, setCode] = useState("");
  const [wrong, setWrong] = useState("");
  const go = async () => {
    const answer = await call("confirm_codes", { nonce, code });
    if (!answer.ok) return setWrong(say(answer.text));
    close(told(answer));
  };
  const does = { label: t("second.set_up"), id: "second-confirm", onClick: go };
  return html`
    <${Dialog} title=${t("second.title")} close=${close} does=${does} id="second-dialog">
      <p>${t("second.scan")}</p>
      <img class="hy-qr" src=${picture} alt=${t("second.picture")} width="200" height="200" />
      <${Field} label=${t("second.secret")}>
        <${CopyField} value=${secret} id="second-secret" />
        </${Field}>
        <${Field} id="second-code" label=${t("second.code")} wrong=${wrong}>
          <${Input} id="second-code" value=${code} wrong=${wrong} inputmode="numeric" autocomplete="one-time-code"
            autofocus onChange=${setCode} onEnter=${go} />
          </${Field}>
          </${Dialog}>
  `;
}

/** Recovery codes, this once. */
function Keep({ codes, close }) {
  const whole = codes.join("\n");
  const footer = [
    html`<${CopyButton} text=${() => whole} id="recovery-copy" />`,
    html`<${Button} label=${t("second.download")} icon="download" id="recovery-file" onClick=${() =>
      download("hongyan-recovery-codes.txt", `${whole}\n`, "text/plain")} />`,
    html`<${Button} label=${t("second.kept")} look="primary" id="recovery-kept" onClick=${() => close()} />`,
  ];
  return html`
    <${Dialog} title=${t("second.keep")} close=${close} footer=${footer} id="recovery-dialog">
      <p>${t("second.keep.hint")}</p>
      <ul class="hy-recovery" data-testid="recovery">${codes.map((one) =>
        html`<li key=${one}><code>${one}</code></li>`
      )}</ul>
      </${Dialog}>
  `;
}
