// One channel: its form before, its settings to copy and its live state after.

import { html, useState } from "preact";
import { outward } from "../common/address.js";
import { CopyField } from "../common/copy.js";
import { Button, Callout, Card, More, Pill } from "../common/elements.js";
import { Form, onEnter } from "../common/form.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";
import { Checkup } from "./checkup.js";
import { MenuCard } from "./menu.js";
import { Address } from "./address_card.js";
import { Announce } from "./announce.js";
import { Releases } from "./canary.js";
import { isCalled } from "./called.js";
import { became, wentLive } from "./going_live.js";
import { KitCard } from "./kit.js";
import { PageCard } from "./page_card.js";
import { Scan } from "./scan.js";
import { LiveState, Steps, useLiveState } from "./state.js";
import { TryCalls } from "./try_calls.js";
import { of } from "./named.js";
import { useTypedSettings } from "./typed.js";
import { Pause, Rotate, TakeBack } from "./versions.js";
import { wrongAt } from "../common/wrong_at.js";

export function ChannelCard(given) {
  const { call, publication, again } = given;
  const [entered, setEntered, forget] = useTypedSettings(given);
  // where we connect, and where people come by themselves, nobody calls an address that could be checked
  const called = publication ? publication.called : given.channel.checked && isCalled(given.channel, entered);
  const channel = { ...given.channel, checked: called };
  const state = useLiveState(call, publication, again);
  const context = { ...given, channel, state, entered, setEntered, forget };
  const steps = html`<${Steps} ...${context} />`;
  if (!call.may("go_live", given.agent)) return publication && html`<${LiveState} ...${context} />`;
  if (!publication) {
    return html`
      <div class="hy-stack">
        ${steps}
        <${Address} ...${context} />
        <${Connect} ...${context} />
      </div>
    `;
  }
  const copied = channel.checked && state.verified_at; // seldom needed from then on
  const shown = channel.fields.filter((name) => !channel.secrets.includes(name)); // the others are changed below
  return html`
    <div class="hy-publish">
      <div class="hy-stack">
        ${steps}
        <${PageCard} ...${context} />
        <${Scan} ...${context} />
        ${!state.scan && html`<${LiveState} ...${context} />`}
        ${publication.paused && html`<${Pause} ...${context} />`}
        ${copied && !state.message_at && html`<${Reminders} ...${publication} />`}
        ${channel.audience === "readers" && html`<${Announce} ...${context} />`}
        ${!publication.page && html`<${Address} ...${context} />`}
        ${channel.kit && html`<${KitCard} ...${context} />`}
        <${Pasted} ...${context} aside=${copied || channel.opens} />
        ${publication.tried && html`<${TryCalls} ...${context} />`}
        <${Checkup} ...${context} />
        ${channel.people && html`<${Releases} ...${context} />`}
        ${publication.offers.includes("menu") && html`<${MenuCard} ...${context} />`}
        <${More} title=${t(manages(channel))}>
          <div class="hy-stack">
            ${shown.length > 0 && html`<${Connect} ...${context} />`}
            ${channel.fields.length > 0 && channel.secrets.length > 0 && html`<${Rotate} ...${context} />`}
            ${channel.people && !publication.paused && html`<${Pause} ...${context} />`}
            <${TakeBack} ...${context} />
          </div>
          </${More}>
          </div>
          </div>
  `;
}

/** What is to be copied there, `aside` where it seldom is. */
function Pasted({ aside, ...context }) {
  const copy = html`<${ToCopy} ...${context} />`;
  return aside ? html`<${More} title=${of(context.channel, "copy.title")}>${copy}</${More}>` : copy;
}

/** Credentials in, a publication out; secrets are written and never shown again. */
function Connect(context) {
  const { channel, publication, again, entered: given, setEntered: setGiven, forget } = context;
  const [wrong, setWrong] = useState({});
  const [trouble, setTrouble] = useState("");
  const [unfolded, setUnfolded] = useState(false); // something is wrong with what is seldom changed
  const [refusal, setRefusal] = useState({ n: 0, first: "" }); // which one it is, and where the cursor goes
  const fields = channel.fields.filter((name) => !publication?.secrets.includes(name)); // kept ones are changed below
  const go = async () => {
    const answer = await wentLive(context);
    if (!answer) return;
    const { at, rest } = wrongAt(answer, fields);
    setTrouble(rest);
    setWrong(at);
    setRefusal({ n: refusal.n + 1, first: fields.find((name) => at[name]) ?? "" });
    if (rare.some((name) => at[name])) setUnfolded(true);
    if (answer.ok) forget(), told(answer), await again();
    if (answer.offline) setTrouble(await became(context));
  };
  const change = (values, name) => (setGiven(values), setWrong({ ...wrong, [name]: "" }));
  const { guide } = channel;
  const rare = fields.filter((name) => guide?.rare.includes(name));
  const form = (only, focus) =>
    html`
      <${Form} schema=${channel.schema} values=${given} only=${only} wrong=${wrong}
        focus=${focus && refusal.n} onChange=${change} />
    `;
  return html`
    <${Card} title=${say(guide?.title ?? channel.title)}
      hint=${fields.length ? asksSecret(channel, fields) && t("connect.hint") : say(guide?.where)}>
      <div class="hy-stack" onKeyDown=${onEnter("go-live")}>
          ${guide && fields.length > 0 &&
            html`<${Callout} tone="accent" title=${t("connect.where.title")} detail=${say(guide.where)} />`}
          ${form(fields.filter((name) => !rare.includes(name)), !rare.includes(refusal.first))}
          ${guide?.advice.map((note, i) =>
            html`<${Callout} key=${i} title=${say(note.title)} detail=${say(note.hint)} />`
          )}
          ${rare.length > 0 && html`
            <${More} title=${t("common.more")} open=${unfolded}>${form(rare, rare.includes(refusal.first))}</${More}>
          `}
          <div aria-live="assertive">${trouble && html`<${Callout} tone="bad" title=${trouble} />`}</div>
          <div>
            <${Button} label=${t(publication ? "connect.save" : begins(channel))} look="primary" icon="send"
              id="go-live" onClick=${go} />
          </div>
        </div>
      </${Card}>
  `;
}

/** What can be changed of it: nothing was entered where one scans, nothing waits where nobody writes. */
function manages({ fields, people }) {
  return !fields.length ? "manage.title.short" : people ? "manage.title" : "manage.title.unheard";
}

const asksSecret = ({ secrets }, fields) => fields.some((name) => secrets.includes(name));

/** What the button does, by what follows it. */
function begins({ scanned, checked }) {
  return scanned ? "connect.scan" : checked ? "connect.go" : "connect.live";
}

/** In the order of the platform's own form, each with a copy button. */
function ToCopy({ seen, channel, publication }) {
  if (!publication.to_copy.length) return null;
  const { port } = new URL(seen.public_url || "http://localhost");
  const strange = port && channel.ports.length > 0 && !channel.ports.includes(Number(port));
  const local = !seen.public_url && !channel.opens && [t("copy.local.title"), of(channel, "copy.local.hint")];
  const warnings = [local, strange && [of(channel, "copy.port.title", { port }), of(channel, "copy.port.hint")]];
  return html`
    <${Card} title=${of(channel, "copy.title")} hint=${say(channel.guide?.paste)}>
      <div class="hy-stack">
          ${warnings.filter(Boolean).map(([title, hint]) =>
            html`<${Callout} key=${title} tone="warn" title=${title} detail=${hint} />`
          )}
          ${publication.to_copy.map((line, i) => html`<${LineToCopy} key=${line.name} n=${i + 1} ...${line} />`)}
          <${Reminders} ...${publication} />
        </div>
      </${Card}>
  `;
}

const Reminders = ({ reminders }) =>
  reminders.map((note, i) =>
    html`<${Callout} key=${i} tone="accent" title=${say(note.title)} detail=${say(note.hint)} />`
  );

/** A value to copy, or what to choose there. */
function LineToCopy({ n, name, label, value, choose }) {
  const title = html`<div class="label"><span class="hy-number">${n}</span>${say(label)}</div>`;
  if (!value) {
    const choices = choose.map((one) => [html`<${Pill}>${say(one)}</${Pill}>`, " "]);
    return html`<div class="hy-field">${title}<div>${choices}</div></div>`;
  }
  const whole = value.startsWith("/") ? outward(value, "") : value;
  return html`<div class="hy-field" data-testid="copy-${name}">
    ${title}<${CopyField} value=${whole} id="copy-${name}-button" />
  </div>`;
}
