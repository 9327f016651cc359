// When backups are made by themselves, where to, and by what they are encrypted.

import { html, useState } from "preact";
import { download } from "../common/copy.js";
import { confirmed } from "../common/dialog.js";
import { Button, Callout, Card } from "../common/elements.js";
import { Field, Input, Select } from "../common/field.js";
import { told } from "../common/server.js";
import { t } from "../common/texts.js";
import { wrongAt } from "../common/wrong_at.js";

const SEALED = ["none", "key", "passphrase"];
const NUMBERS = ["keep", "keep_weeks"];
const NOTHING = { to: "", key_file: "", passphrase_file: "" };
const sealedBy = ({ key_file, passphrase_file }) => (key_file ? "key" : passphrase_file ? "passphrase" : "none");

/** What is sent: only the file that counts. */
export function asked({ sealed, file, ...rest }) {
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, Math.round(Number(rest[name])) || 0]));
  const files = { key_file: sealed === "key" ? file : "", passphrase_file: sealed === "passphrase" ? file : "" };
  return { to: rest.to, every: rest.every, at: rest.at, ...numbers, ...files };
}

function opened({ plan, usual }) {
  const { key_file, passphrase_file, ...rest } = { ...NOTHING, ...usual, ...plan };
  return { ...rest, sealed: sealedBy({ key_file, passphrase_file }), file: key_file || passphrase_file };
}

const FIELDS = ["to", "every", "at", "keep", "keep_weeks", "key_file", "passphrase_file"];

export function Plan({ call, value, again }) {
  const [given, setGiven] = useState(opened(value));
  const [wrong, setWrong] = useState({});
  const [made, setMade] = useState(false);
  const put = (name) => (one) => setGiven((now) => ({ ...now, [name]: one }));
  const save = async () => {
    const answer = await call("decide_plan", asked(given));
    const { at, rest } = wrongAt(answer, FIELDS);
    setWrong(at);
    if (answer.ok || rest) return told(answer) && await again();
  };
  const end = async () => {
    const sure = await confirmed(t("backups.end.sure"), t("backups.end.hint"), t("backups.end"));
    if (sure && told(await call("end_plan")) !== undefined) await again();
  };
  const makeKey = async () => {
    if (!await confirmed(t("backups.key_ahead"), t("backups.key_ahead.hint"), t("backups.make_key"))) return;
    const key = told(await call("make_backup_key"));
    if (!key) return;
    download("hongyan-backup.key", key.secret, "text/plain");
    setGiven((now) => ({ ...now, sealed: "key", file: key.file }));
    setMade(true);
  };
  return html`
    <${Card} title=${t("backups.plan")} hint=${t("backups.plan.hint")} data-testid="backups-plan">
      <div class="hy-stack">
        <${When} given=${given} put=${put} wrong=${wrong} zone=${value.zone} />
        <${Sealed} given=${given} put=${put} wrong=${wrong} makeKey=${call.may("make_backup_key") && makeKey} />
        ${made &&
          html`<${Callout} tone="accent" title=${t("backups.key_made")} detail=${t("backups.key_made.hint")} />`}
        <div class="hy-row">
          <${Button} label=${t("common.save")} look="primary" id="save-plan" onClick=${save} />
          ${value.plan && html`<${Button} label=${t("backups.end")} id="end-plan" onClick=${end} />`}
        </div>
      </div>
      </${Card}>
  `;
}

function When({ given, put, wrong, zone }) {
  const field = (name, kind, values = {}) =>
    html`
      <${Field} id="plan-${name}" label=${t(`backups.${name}`, values)} wrong=${wrong[name]}>
        <${Input} id="plan-${name}" kind=${kind} value=${given[name]} wrong=${wrong[name]} onChange=${put(name)} />
        </${Field}>
    `;
  const every = ["day", "week"].map((one) => [one, t(`backups.every.${one}`)]);
  return html`
    <${Field} id="plan-to" label=${t("backups.to")} hint=${t("backups.to.hint")} wrong=${wrong.to}>
      <${Input} id="plan-to" code value=${given.to} wrong=${wrong.to} onChange=${put("to")} />
      </${Field}>
      <div class="hy-form two">
        <${Field} id="plan-every" label=${t("backups.every")} wrong=${wrong.every}>
          <${Select} id="plan-every" value=${given.every} options=${every} onChange=${put("every")} />
          </${Field}>
          ${field("at", "time", { zone })}${field("keep", "number")}${field("keep_weeks", "number")}
      </div>
  `;
}

function Sealed({ given, put, wrong, makeKey }) {
  const says = wrong.key_file || wrong.passphrase_file || "";
  const options = SEALED.map((one) => [one, t(`backups.sealed.${one}`)]);
  return html`
    <div class="hy-form two">
      <${Field} id="plan-sealed" label=${t("backups.sealed")} hint=${t("backups.sealed.hint")}>
        <${Select} id="plan-sealed" value=${given.sealed} options=${options} onChange=${put("sealed")} />
        </${Field}>
        ${given.sealed !== "none" &&
          html`
            <${Field} id="plan-file" label=${t("backups.file")} wrong=${says}>
              <${Input} id="plan-file" code value=${given.file} wrong=${says} onChange=${put("file")} />
              </${Field}>
          `}
    </div>
    ${makeKey && html`
      <div>
        <${Button} label=${t("backups.make_key")} icon="plus" id="make-backup-key" onClick=${makeKey} />
      </div>
    `}
  `;
}
