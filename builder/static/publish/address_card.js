// Where the world reaches us: asked for when the environment does not say.

import { html, useState } from "preact";
import { isLocal, outward } from "../common/address.js";
import { Button, Card, More } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { OnlyHere } from "../common/outward.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";
import { isCalled } from "./called.js";
import { of } from "./named.js";
import { keyOf, useTyped } from "./typed.js";

const isAsked = ({ call, seen }) => !seen.fixed_url && call.may("set_public_url");

function AddressField({ call, agent, seen, again }) {
  const [{ url }, change, forget] = useTyped(keyOf(agent, "address"), { url: seen.public_url });
  const [wrong, setWrong] = useState("");
  const save = async () => {
    const answer = await call("set_public_url", { url });
    setWrong(answer.ok ? "" : say(answer.text));
    if (answer.ok) forget(), told(answer), await again();
  };
  return html`
    <${Field} id="public-url" label=${t("address.label")} hint=${t("address.hint")} wrong=${wrong}>
      <div class="hy-list-row">
        <${Input} id="public-url" kind="url" value=${url} wrong=${wrong} placeholder="https://bot.example.com"
          onChange=${(url) => change({ url })} onEnter=${save} />
        <${Button} label=${t("common.save")} id="public-url-save" onClick=${save} />
      </div>
      </${Field}>
  `;
}

/** Folded away once it is known. */
function Known({ title, ...context }) {
  return html`
    <${More} title=${title}>
      <${AddressField} ...${context} />
      </${More}>
  `;
}

const knownAs = (url) => url ? t("address.known", { url }) : t("address.label");

/** Before an address of ours is given away: that only this machine opens it, and where to say another. */
export function Outside(context) {
  const { seen } = context;
  const known = isAsked(context) && html`<${Known} ...${context} title=${knownAs(seen.public_url)} />`;
  if (!isLocal(outward("", seen.public_url))) return known;
  return html`
    <div class="hy-stack" data-testid="outside">
      <${OnlyHere} address=${outward("", seen.public_url)} here=${true} />
      ${isAsked(context) && html`<${AddressField} ...${context} />`}
    </div>
  `;
}

/** What of our address the platform calls, and where to enter it. */
export function Address(context) {
  const { channel, state, seen, entered } = context;
  const known = seen.public_url;
  if (!isAsked(context) || !isCalled(channel, entered)) return null;
  if (known || state?.verified_at) return html`<${Known} ...${context} title=${knownAs(known)} />`;
  const ports = channel.ports.length > 0 && of(channel, "address.ports", { ports: channel.ports.join(" / ") });
  const points = [t("address.domain"), t("address.tunnel"), ports].filter(Boolean);
  return html`
    <${Card} title=${of(channel, "address.title")} hint=${of(channel, "address.why")}>
      <ul class="hy-points">${points.map((text) => html`<li key=${text}>${text}</li>`)}</ul>
      <${AddressField} ...${context} />
      </${Card}>
  `;
}
