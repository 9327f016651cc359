// The sources of a base: given by drop, choice or address; how far reading them is; what can be done with each.

import { html, useLayoutEffect, useRef, useState } from "preact";
import { whenBack } from "../common/connection.js";
import { Dialog, open } from "../common/dialog.js";
import { Button, Callout, Card, Pill } from "../common/elements.js";
import { Calm } from "../common/empty.js";
import { Field, Input } from "../common/field.js";
import { MenuButton } from "../common/menu.js";
import { told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { ago, inDollars, say, t } from "../common/texts.js";
import { toast } from "../common/toast.js";
import { gone } from "../common/undo.js";
import { upload } from "../common/upload.js";
import { PassagesDialog } from "./passages.js";

const MOST = 100; // files at a time
const AT_ONCE = 2;
const OFTEN = 700; // milliseconds between two looks while something is being read
const BUSY = ["waiting", "reading"];
const TONES = { done: "ok", failed: "bad", cancelled: "warn" };

export function Sources({ call, page, base, files, again }) {
  const { sending, send, onceMore, drop } = useUploads(page, base.id, again);
  const busy = files.some(({ state }) => BUSY.includes(state));
  useLayoutEffect(() => {
    if (!busy) return;
    const timer = setTimeout(again, OFTEN);
    return () => clearTimeout(timer);
  }, [files]);
  const one = (source) =>
    html`<${SourceLine} key=${source.file} call=${call} base=${base} source=${source} again=${again} />`;
  return html`
    <div class="hy-stack">
      ${call.may("add") && html`<${Drop} send=${send} call=${call} base=${base} again=${again} />`}
      ${sending.length > 0 &&
        html`
          <${Card}>
            <${Table}>${sending.map((one) =>
              html`<${Sending} key=${one.key} ...${{ one, onceMore, drop }} />`
            )}</${Table}></${Card}>
        `}
      <${Card}>
        ${files.length ? html`<${Table}>${files.map(one)}</${Table}>` : html`<${Calm} of="sources" />`}
        </${Card}>
    </div>
  `;
}

/** What is under way to the server: {sending, send(files)}; what was refused goes `onceMore`, or is dropped. */
function useUploads(page, base, again) {
  const [sending, setSending] = useState([]);
  const rest = useRef([]);
  const running = useRef(0);
  const dropped = useRef(new Set());
  const change = (key, part) => setSending((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const next = async () => {
    const one = running.current < AT_ONCE && rest.current.shift();
    if (!one) return;
    running.current++;
    const answer = await upload(
      page,
      "add",
      one.file,
      { base, name: one.file.name },
      (share) => change(one.key, { share }),
    );
    running.current--;
    if (answer.ok) setSending((all) => all.filter(({ key }) => key !== one.key));
    else change(one.key, { said: say(answer.text) });
    if (answer.offline) void whenBack().then(() => dropped.current.has(one.key) || onceMore(one)); // twice is once
    if (answer.ok && answer.text) toast(say(answer.text));
    void next();
    if (!rest.current.length || running.current < AT_ONCE) await again();
  };
  const onceMore = (one) => {
    change(one.key, { said: "", share: 0 });
    rest.current.push(one);
    void next();
  };
  const send = (files) => {
    const taken = [...files].slice(0, MOST).map((file) => ({
      key: crypto.randomUUID(),
      file,
      name: file.name,
      share: 0,
    }));
    if (files.length > MOST) toast(t("sources.too_many", { most: MOST }), { tone: "bad" });
    setSending((all) => [...all, ...taken]);
    rest.current.push(...taken);
    for (let i = running.current; i < AT_ONCE; i++) void next();
  };
  const drop = ({ key }) => {
    dropped.current.add(key);
    setSending((all) => all.filter((one) => one.key !== key));
  };
  return { sending, send, onceMore, drop };
}

function Sending({ one, onceMore, drop }) {
  const { name } = one;
  const actions = one.said && [
    html`<${Button} label=${t("sources.resend")} id="resend" onClick=${() => onceMore(one)} />`,
    html`
      <${Button} icon="trash" look="quiet icon" id="drop-upload" title=${t("sources.unsend", { name })} onClick=${() =>
        drop(one)} />
    `,
  ];
  return html`
    <${Line} actions=${actions} below=${one.said && html`<${Callout} tone="bad" title=${one.said} />`}>
      <div class="hy-row"><b>${one.name}</b><span class="faint">${one.said
        ? ""
        : t("sources.sending", { share: Math.round(one.share * 100) })}</span></div>
      </${Line}>
  `;
}

function Drop({ send, call, base, again }) {
  const input = useRef(null);
  const [over, setOver] = useState(false);
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    send(event.dataTransfer.files);
  };
  const address = async () => (await open(AddressDialog, { call, base })) && again();
  return html`
    <div class="hy-drop ${over ? "over" : ""}" data-testid="drop" onDrop=${drop}
      onDragOver=${(event) => (event.preventDefault(), setOver(true))} onDragLeave=${() => setOver(false)}>
      <p><b class="hy-by-mouse">${t("sources.drop")}</b><span class="soft">${t("sources.kinds")}</span></p>
      <div class="hy-row center">
        <${Button} label=${t("sources.choose")} icon="upload" look="primary" onClick=${() => input.current.click()} />
        <${Button} label=${t("sources.address")} icon="globe" id="add-address" onClick=${() => void address()} />
      </div>
      <input ref=${input} type="file" multiple class="hy-offscreen" tabindex="-1" data-testid="source-files"
        aria-label=${t("sources.choose")}
        onChange=${({ target }) => (send(target.files), target.value = "")} />
    </div>
  `;
}

function AddressDialog({ call, base, close }) {
  const [given, setGiven] = useState({ address: "", hours: "24" });
  const [wrong, setWrong] = useState("");
  const save = async () => {
    const answer = await call("add_address", {
      base: base.id,
      address: given.address.trim(),
      hours: Number(given.hours) || 0,
    });
    if (!answer.ok) return setWrong(say(answer.text));
    told(answer);
    close(true);
  };
  const does = { label: t("sources.address.add"), id: "address-add", onClick: save };
  return html`
    <${Dialog} title=${t("sources.address")} close=${close} does=${does} id="address-dialog">
      <div class="hy-stack">
        <${Field} id="address" label=${t("sources.address.label")} hint=${t("sources.address.hint")} wrong=${wrong}>
          <${Input} id="address" value=${given.address} wrong=${wrong} placeholder="https://…" autofocus
            onEnter=${save}
            onChange=${(address) => setGiven({ ...given, address })} />
          </${Field}>
          <${Field} id="hours" label=${t("sources.hours")} hint=${t("sources.hours.hint")}>
            <${Input} id="hours" kind="number" min="0" value=${given.hours} onChange=${(hours) =>
              setGiven({ ...given, hours })} />
            </${Field}>
            </div>
            </${Dialog}>
  `;
}

function SourceLine({ call, base, source, again }) {
  const { file, title, state, unread } = source;
  const at = { base: base.id, source: file };
  const act = async (answer) => told(await answer) && again();
  const remove = () => gone(call, "remove", at, again);
  const look = async () => (await open(PassagesDialog, { call, base, source })) && again();
  const entries = [
    { title: t("sources.again"), icon: "refresh", testid: "again", run: () => void act(call("again", at)) },
    { title: t("common.remove"), icon: "trash", testid: "remove-source", danger: true, run: () => void remove() },
  ];
  const actions = [
    BUSY.includes(state) && call.may("cancel") &&
    html`<${Button} label=${t("common.cancel")} id="cancel-source" onClick=${() => act(call("cancel", at))} />`,
    source.passages > 0 && html`<${Button} label=${t("sources.look")} id="look" onClick=${() => void look()} />`,
    call.may("remove") && html`<${MenuButton} title=${t("sources.more", { title })} entries=${entries} />`,
  ];
  const reasons = unread.length > 0 && html`<${Unread} unread=${unread} bad=${state === "failed"} />`;
  return html`
    <${Line} id="source-${file}" actions=${actions} below=${reasons}>
      <div class="hy-row"><h3>${title}</h3><${State} source=${source} />
          ${source.tags.map((tag) => html`<${Pill} key=${tag}>${tag}</${Pill}>`)}</div>
      <p class="faint">${about(source)}</p>
      </${Line}>
  `;
}

function State({ source }) {
  const { state, page, pages } = source;
  const word = state === "reading" && pages
    ? t("source.reading", { page, pages })
    : t(state === "reading" ? "source.reading.now" : `source.${state}`);
  return html`<${Pill} tone=${TONES[state] ?? "accent"}>${word}</${Pill}>`;
}

function about({ passages, cost, at, address, hits }) {
  const parts = [t("source.passages", { n: passages })];
  if (hits) parts.push(t("source.hits", { n: hits }));
  if (cost) parts.push(inDollars(cost));
  if (at) parts.push(ago(at));
  if (address) parts.push(address);
  return parts.join(" · ");
}

function Unread({ unread, bad }) {
  const lines = unread.map(({ page, text }, i) =>
    html`<li key=${i}>${page ? `${t("source.page", { page })} ` : ""}${say(text)}</li>`
  );
  return html`
    <details class="hy-more hy-unread" open=${bad}>
      <summary>${t("source.unread", { n: unread.length })}</summary>
      <ul>${lines}</ul>
    </details>
  `;
}
