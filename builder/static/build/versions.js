// What the agent was before: when, with which note, what it held; and bringing it back.

import { html, useState } from "preact";
import { confirmed, Dialog, open } from "../common/dialog.js";
import { Button, Link, Pill } from "../common/elements.js";
import { Empty } from "../common/empty.js";
import { Field, Input, Select, Wrong } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { openMenu } from "../common/menu.js";
import { opensNow } from "../common/opens.js";
import { href, told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { Difference } from "../difference/difference.js";
import { publishedAs, versionTitle } from "../difference/version_title.js";
import { who } from "../common/who.js";
import { ago, moment, say, t } from "../common/texts.js";
import { gone, undoable } from "../common/undo.js";
import { heldIn } from "./held.js";

export async function showVersions(work) {
  await work.saveNow();
  await open(Versions, { work });
}

const NOW = "now"; // what is being edited, see builder/actions/history.py

function Versions({ work, close }) {
  const { value: found, instead, again } = useLoad(work.call, "versions", { id: work.id }, { part: true });
  const { value: places } = useLoad(work.call, "published_on", { id: work.id }, { part: true });
  const given = { work, all: found, places: places ?? [], again, close };
  const line = (one) => html`<${Version} key=${one.key} one=${one} ...${given} />`;
  const nothing = html`
    <${Empty} of="versions">${!work.autosave.looksOnly && html`
      <${Button} label=${t("build.publish")} look="primary" icon="send" onClick=${() => (close(), work.publish())} />
    `}</${Empty}>
  `;
  return html`
    <${Dialog} title=${t("history.title")} close=${close} size="wide" id="history-dialog">
      <div class="hy-stack">
        ${!work.autosave.looksOnly && html`<${Keeper} work=${work} again=${again} />`}
        <${Table} data-testid="versions">${instead ?? (found.length ? found.map(line) : nothing)}</${Table}>
        </div>
      </${Dialog}>
  `;
}

/** Keep what is there now, under a note. */
function Keeper({ work, again }) {
  const [note, setNote] = useState("");
  const [wrong, setWrong] = useState("");
  const keep = async () => {
    const answer = await work.call("keep_version", { id: work.id, data: work.autosave.data, note });
    const fits = !answer.ok && answer.field === "note";
    setWrong(fits ? say(answer.text) : "");
    if (fits || !told(answer)) return;
    setNote("");
    await again();
  };
  return html`
    <div class="hy-field">
      <${Note} value=${note} onChange=${setNote} label=${t("history.note.now")} wrong=${wrong} save=${keep}>
        <${Button} label=${t("history.keep")} id="keep-version" onClick=${keep} />
        </${Note}>
        <${Wrong} text=${wrong} />
        <div class="hint">${t("history.hint")}</div>
        </div>
  `;
}

function Note({ value, onChange, label, save, wrong = "", focus = false, children }) {
  return html`<div class="hy-list-row">
    <${Input} value=${value} onChange=${onChange} onEnter=${save} wrong=${wrong} aria-label=${label} placeholder=${label}
      data-testid="version-note" ref=${(input) => focus && input?.base.focus()} />
    ${children}
  </div>`;
}

function Version({ work, one, all, places, again, close }) {
  const [note, setNote] = useState(null); // while it is written
  const write = async () => {
    if (await gone(work.call, "annotate", { id: work.id, key: one.key, note }, again)) setNote(null);
  };
  const older = all[all.indexOf(one) + 1];
  const beside = older ? { before: older.key, after: one.key } : { before: one.key, after: NOW };
  const look = () => void open(Looked, { work, all, ...beside });
  const actions = [
    html`<${Button} label=${t("history.look")} id="version-look" onClick=${look} />`,
    !work.autosave.looksOnly &&
    html`<${Button} label=${t(one.note ? "history.note.edit" : "history.note")} id="note-write" onClick=${() =>
      setNote(one.note)} />`,
    opensNow()("play") &&
    html`<${Link} label=${t("history.try")} id="version-try" href="${href("play")}&version=${
      encodeURIComponent(one.key)
    }" />`,
    places.length > 0 && work.call.may("publish_again", work.id) && html`
      <${Button} label=${t("history.publish")} id="version-publish" aria-haspopup="menu" onClick=${(event) =>
        publishMenu(event.currentTarget, { work, one, places, again })} />
    `,
    !work.autosave.looksOnly &&
    html`<${Button} label=${t("history.restore")} id="version-restore" onClick=${() => restore(work, one, close)} />`,
  ];
  const noted = note === null ? one.note : html`
    <${Note} value=${note} onChange=${setNote} label=${t("history.note")}
      save=${write} focus>
      <${Button} label=${t("common.save")} id="note-save" onClick=${write} />
      </${Note}>
  `;
  return html`
    <${Line} id="version-${one.kind}" actions=${actions}>
      <div class="hy-row">
          <b>${moment(one.at)}</b><span class="faint">${ago(one.at)}</span>
          ${one.kind === "published" &&
            html`<${Pill} tone=${one.live ? "ok" : ""}>${publishedAs(one)}</${Pill}>`}
          ${one.live && html`<${Pill} tone="ok">${t("versions.live")}</${Pill}>`}
          ${one.by && html`<span class="faint" data-testid="version-by">${who(one.by)}</span>`}
        </div>
      <div class="hy-version-note" data-testid="note">${noted}</div>
      <p class="soft">${heldIn(work, one.held)}</p>
      </${Line}>
  `;
}

/** Where that version is to answer: on any publication of the agent. */
function publishMenu(anchor, { work, one, places, again }) {
  const entries = places.map((place) => ({
    title: say(place.where),
    hint: place.enabled ? t("history.publish.now", place) : t("history.publish.off"),
    icon: "send",
    testid: `publish-on-${place.id}`,
    run: async () => {
      const title = t("history.publish.title", { version: versionTitle(one), where: say(place.where) });
      if (!(await confirmed(title, t("history.publish.hint"), t("history.publish")))) return;
      if (told(await work.call("publish_again", { id: work.id, key: one.key, publication: place.id }))) await again();
    },
  }));
  openMenu(anchor, t("history.publish.where"), entries);
}

/** Any two versions beside each other; at first the one that was asked for, and the one before it. */
function Looked({ work, all, close, ...begun }) {
  const [keys, setKeys] = useState(begun);
  const { value: found, instead } = useLoad(work.call, "compare", { id: work.id, ...keys }, { part: true });
  const pick = (which) =>
    html`
      <${Pick} label=${t(`difference.${which}`)} all=${all} value=${keys[which]} id="compare-${which}"
        onChange=${(key) => setKeys({ ...keys, [which]: key })} />
    `;
  return html`
    <${Dialog} title=${t("history.compare")} close=${close} size="full" id="version-dialog">
      <div class="hy-row">${pick("before")}${pick("after")}</div>
      ${instead ?? html`<${Difference} key=${JSON.stringify(keys)} found=${found} known=${work.known} />`}
      </${Dialog}>
  `;
}

function Pick({ label, all, value, id, onChange }) {
  const options = [[NOW, t("history.now")], ...all.map((one) => [one.key, versionTitle(one)])];
  return html`
    <${Field} id=${id} label=${label}>
      <${Select} id=${id} value=${value} options=${options} onChange=${onChange} />
      </${Field}>
  `;
}

async function restore(work, one, close) {
  const title = t("history.restore.title", { when: moment(one.at) });
  if (!(await confirmed(title, t("history.restore.hint"), t("history.restore")))) return;
  const found = told(await work.call("version", { id: work.id, key: one.key }));
  if (!found) return;
  const before = work.autosave.data;
  const become = async (data) => {
    await work.become(data);
    await work.autosave.save();
  };
  close();
  await become(found.data);
  undoable(t("history.restored"), () => become(before));
}
