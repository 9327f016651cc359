// One channel: its form before, its settings to copy and its live state after.

import { html, useState } from "preact";
import { CopyField } from "../common/copy.js";
import { Button, Callout, Card, More, Pill } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { Form } from "../common/form.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";
import { LiveState } from "./state.js";
import { TakeBack, Versions } from "./versions.js";

/** A sentence with the channel's own words in it. */
const of = ({ channel }, key, values = {}) => t(key, { ...named(channel), ...values });

const named = ({ words }) => Object.fromEntries(Object.entries(words).map(([name, text]) => [name, say(text)]));

export function ChannelCard(context) {
  if (!context.publication) {
    return html`
      <div class="hy-stack">
        <${Address} ...${context} />
        <${Connect} ...${context} />
      </div>
    `;
  }
  return html`
    <div class="hy-publish">
      <div class="hy-stack">
        <${LiveState} ...${context} />
        <${Address} ...${context} />
        <${ToCopy} ...${context} />
        <${Versions} ...${context} />
        <${More} title=${t("manage.title")}>
          <div class="hy-stack">
            <${Connect} ...${context} />
            <${TakeBack} ...${context} />
          </div>
          </${More}>
          </div>
          </div>
  `;
}

/** Credentials in, a publication out; secrets are written and never shown again. */
function Connect({ call, agent, channel, publication, again }) {
  const [given, setGiven] = useState(publication?.settings || {});
  const [wrong, setWrong] = useState({});
  const [trouble, setTrouble] = useState("");
  const go = async () => {
    const args = { agent, channel: channel.name, given: filled(given), publication: publication?.id || "" };
    const answer = await call("go_live", args);
    const fits = !answer.ok && channel.fields.includes(answer.field);
    setTrouble(answer.ok || fits ? "" : say(answer.text));
    setWrong(fits ? { [answer.field]: say(answer.text) } : {});
    if (answer.ok) told(answer), await again();
  };
  const change = (values, name) => (setGiven(values), setWrong({ ...wrong, [name]: "" }));
  const placeholders = Object.fromEntries((publication?.secrets || []).map((name) => [name, t("publish.kept")]));
  const rare = channel.fields.filter((name) => RARE.includes(name));
  const form = (only, focus) =>
    html`
      <${Form} schema=${channel.schema} values=${given} only=${only} placeholders=${placeholders} wrong=${wrong}
        focus=${focus} onChange=${change} />
    `;
  const refused = Object.keys(wrong).find((name) => wrong[name]);
  return html`
    <${Card} title=${t("connect.title")} hint=${t("connect.hint")}>
      <div class="hy-stack">
          <${Callout} tone="accent" title=${t("connect.where.title")} detail=${t("connect.where")} />
          ${form(channel.fields.filter((name) => !RARE.includes(name)), !rare.includes(refused))}
          <${Callout} title=${t("connect.push.title")} detail=${t("connect.push.hint")} />
          ${rare.length > 0 && html`<${More} title=${t("common.more")}>${form(rare, rare.includes(refused))}</${More}>`}
          <div aria-live="assertive">${trouble && html`<${Callout} tone="bad" title=${trouble} />`}</div>
          <div>
            <${Button} label=${t(
              publication ? "connect.save" : "connect.go",
            )} look="primary" icon="send" id="go-live" onClick=${go} />
          </div>
        </div>
      </${Card}>
  `;
}

/** What was filled in; an empty secret keeps the stored one. */
const filled = (values) =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== "" && value !== null && value !== undefined),
  );

/** Where the world reaches us: asked for when the environment does not say. */
function Address({ call, seen, again }) {
  const known = seen.public_url;
  const [url, setUrl] = useState(known);
  const [wrong, setWrong] = useState("");
  if (seen.fixed_url) return null;
  const save = async () => {
    const answer = await call("set_public_url", { url });
    setWrong(answer.ok ? "" : say(answer.text));
    if (answer.ok) told(answer), await again();
  };
  const field = html`
    <${Field} id="public-url" label=${t("address.label")} hint=${t("address.hint")} wrong=${wrong}>
      <div class="hy-list-row">
        <${Input} id="public-url" kind="url" value=${url} wrong=${wrong} placeholder="https://bot.example.com"
          onChange=${setUrl} onEnter=${save} />
        <${Button} label=${t("common.save")} id="public-url-save" onClick=${save} />
      </div>
      </${Field}>
  `;
  if (known) return html`<${More} title=${t("address.known", { url: known })}>${field}</${More}>`;
  return html`<${Card} title=${t("address.title")} hint=${t("address.why")}>
    <ul class="hy-points">${
    ["domain", "tunnel", "ports"].map((key) => html`<li key=${key}>${t(`address.${key}`)}</li>`)
  }</ul>
    ${field}
  </${Card}>`;
}

/** What of our address the platform calls; "" for anything. */
const ports = (context) =>
  context.channel.ports.length > 0 && of(context, "address.ports", { ports: context.channel.ports.join(" / ") });

/** In the order of the platform's own form, each with a copy button. */
function ToCopy({ seen, publication }) {
  const base = seen.public_url || location.origin;
  const all = [["url", base + publication.path], ["token", publication.token], ["aes", publication.encoding_aes_key]];
  const rows = all.filter(([, value]) => value);
  const safe = publication.settings.mode !== "plain";
  const { port } = new URL(seen.public_url || "http://localhost");
  const label = (n, key) => html`<div class="label"><span class="hy-number">${n}</span>${t(`copy.${key}`)}</div>`;
  return html`
    <${Card} title=${t("copy.title")} hint=${t("copy.path")}>
      <div class="hy-stack">
          ${!seen.public_url &&
            html`<${Callout} tone="warn" title=${t("copy.local.title")} detail=${t("copy.local.hint")} />`}
          ${port &&
            html`<${Callout} tone="warn" title=${t("copy.port.title", { port })} detail=${t("copy.port.hint")} />`}
          ${rows.map(([key, value], i) =>
            html`<div key=${key} class="hy-field" data-testid="copy-${key}">
        ${label(i + 1, key)}<${CopyField} value=${value} id="copy-${key}-button" />
      </div>`
          )}
          <div class="hy-field">
            ${label(rows.length + 1, "mode")}
            <div>
              <${Pill}>${t(safe ? "copy.mode.safe" : "copy.mode.plain")}</${Pill}> <${Pill}>${t(
                "copy.format",
              )}</${Pill}>
            </div>
          </div>
          ${publication.settings.push !== false &&
            html`<${Callout} tone="accent" title=${t("copy.ip.title")} detail=${t("copy.ip.hint")} />`}
        </div>
      </${Card}>
  `;
}
