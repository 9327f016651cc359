// Passkeys: made on the device that somebody sits at, listed, and taken away.

import { html, useState } from "preact";
import { confirmed, Dialog, open } from "../common/dialog.js";
import { Button, Callout, Card } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { at } from "../common/root.js";
import { told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { ago, say, t } from "../common/texts.js";
import { deviceOf } from "../people/sessions.js";
import { Present } from "./second.js";

export function Passkeys({ call, passkeys, asks_present: asks, address, again }) {
  const why = useless(address);
  const add = async () => (await open(Add, { asks })) && again();
  const remove = async ({ id, name }) => {
    const title = t("passkeys.remove.title", { name });
    if (!await confirmed(title, t("passkeys.remove.hint"), t("common.remove"))) return;
    if (told(await call("remove_passkey", { passkey: id }))) await again();
  };
  return html`
    <${Card} title=${t("passkeys.title")} hint=${t("passkeys.hint")} data-testid="passkeys">
      <div class="hy-stack tight">
      ${passkeys.length === 0 && html`<p class="soft">${t("passkeys.none")}</p>`}
      <${Table}>${passkeys.map((one) =>
        html`
          <${Line} key=${one.id} id="passkey" actions=${[
            html`<${Button} label=${t("common.remove")} id="remove-passkey" onClick=${() => remove(one)} />`,
          ]}>
            <p>${one.name}</p>
            <p class="faint">${one.used
              ? t("passkeys.used", { when: ago(one.used) })
              : t("passkeys.unused")}${one.host !== location.hostname &&
              ` · ${t("passkeys.at", { host: one.host })}`}</p>
            </${Line}>
        `
      )}</${Table}>
      ${why ? html`<p class="soft" data-testid="no-passkeys">${why}</p>` : html`
        <div class="hy-row">
          <${Button} label=${t("passkeys.add")} id="add-passkey" onClick=${add} />
        </div>
      `}
      </div>
      </${Card}>
  `;
}

/** Why none can be made on this page; "" where one can. The server looks as well. */
function useless(address) {
  if (address && new URL(address).host !== location.host) return t("passkeys.elsewhere", { url: address });
  if (!address && location.hostname !== "localhost") return t("passkeys.no_address");
  if (!isSecureContext) return t("passkeys.no_address");
  return globalThis.PublicKeyCredential ? "" : t("passkeys.unable");
}

function Add({ asks, close }) {
  const [name, setName] = useState(deviceOf(navigator.userAgent));
  const [present, setPresent] = useState("");
  const [wrong, setWrong] = useState({ text: "", field: "" });
  const go = async () => {
    const refused = await added({ name, present });
    if (refused) return setWrong(refused);
    close(true);
  };
  const of = (field) => (wrong.field === field ? wrong.text : "");
  const does = { label: t("passkeys.add"), id: "passkey-go", onClick: go };
  return html`
    <${Dialog} title=${t("passkeys.add")} close=${close} does=${does} id="passkey-dialog">
      <p>${t("passkeys.hint")}</p>
      <${Field} id="passkey-name" label=${t("passkeys.name")} hint=${t("passkeys.name.hint")} wrong=${of("name")}>
        <${Input} id="passkey-name" value=${name} wrong=${of("name")} onChange=${setName} />
        </${Field}>
        ${asks && html`
          <${Present} label=${t("second.present")} present=${present} change=${setPresent} wrong=${of(
            "present",
          )} go=${go} />
        `}
        ${wrong.text && !of("name") && !of("present") && html`<${Callout} tone="bad" title=${wrong.text} />`}
      </${Dialog}>
  `;
}

/** Asks the device for one and keeps it; what was wrong, or null. */
async function added({ name, present }) {
  const began = await posted("passkeys/begin", { present });
  if (!began.ok) return { text: say(began.text), field: began.field };
  let credential;
  try {
    const made = await navigator.credentials.create({ publicKey: asked(began.options) });
    credential = sent(/** @type {any} */ (made));
  } catch {
    return { text: t("passkeys.cancelled"), field: "" };
  }
  const answer = await posted("passkeys/add", { token: began.token, name, credential });
  if (!answer.ok) return { text: say(answer.text), field: answer.field };
  told(answer);
  return null;
}

async function posted(path, asks) {
  try {
    const headers = { "content-type": "application/json" };
    const response = await fetch(at(path), { method: "POST", headers, body: JSON.stringify(asks) });
    const answer = await response.json();
    if (typeof answer.ok === "boolean") return answer;
    return { ok: false, text: { zh: answer.error, en: answer.error }, field: "" };
  } catch {
    const text = t("error.offline");
    return { ok: false, text: { zh: text, en: text }, field: "" };
  }
}

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The server's options, with bytes where a browser wants bytes. */
const asked = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  user: { ...options.user, id: bytes(options.user.id) },
  excludeCredentials: (options.excludeCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) })),
});

const sent = ({ id, rawId, type, response }) => ({
  id,
  rawId: text(rawId),
  type,
  response: {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  },
});
