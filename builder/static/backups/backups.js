// Backups: how it goes, when they are made by themselves, those there are, and a file for whoever helps.

import { html } from "preact";
import { Button, Callout, Card, Head, Link, More } from "../common/elements.js";
import { CopyField } from "../common/copy.js";
import { useLoad } from "../common/load.js";
import { at } from "../common/root.js";
import { caller, told } from "../common/server.js";
import { show } from "../common/show.js";
import { Line, Table } from "../common/table.js";
import { moment, say, t } from "../common/texts.js";
import { Plan } from "./plan.js";

export const mount = ({ element, page }) => show(html`<${Backups} call=${caller(page)} />`, element);

function Backups({ call }) {
  const { value, instead, again } = useLoad(call, "overview");
  if (instead) return instead;
  const mine = call.may("decide_plan");
  return html`
    <div class="hy-page" data-testid="backups-page">
      <${Head} title=${t("backups.title")} hint=${t("backups.subtitle")} />
      <${Standing} call=${call} value=${value} again=${again} />
      ${mine
        ? html`<${Plan} key=${JSON.stringify(value.plan)} call=${call} value=${value} again=${again} />`
        : html`<p class="faint">${t("backups.owner")}</p>`}
      ${value.plan && html`<${There} key=${value.newest} call=${call} mine=${mine} />`}
      ${value.updates.length > 0 && html`<${Updates} updates=${value.updates} mine=${mine} />`}
      ${mine && html`<${Support} />`}
    </div>
  `;
}

/** One verdict, and what can be done about it. */
function Standing({ call, value, again }) {
  const { plan, newest, trouble, failures, good, running, next } = value;
  const run = async () => told(await call("run_now")) !== undefined && await again();
  const tone = trouble ? "bad" : !newest ? "warn" : plan ? "ok" : "";
  const title = trouble
    ? t("backups.failing", { n: failures })
    : newest
    ? t("backups.good", { when: moment(newest) })
    : t("backups.none");
  const ahead = running
    ? t("backups.running")
    : plan
    ? t("backups.next", { when: moment(next) })
    : t("backups.no_plan");
  const rest = newest || plan ? ahead : t("backups.none.hint");
  const detail = trouble ? t("backups.failing.hint", { why: say(trouble) }) : rest;
  return html`
    <${Callout} tone=${tone} title=${title} detail=${detail}>
      ${plan && call.may("run_now") &&
        html`<${Button} label=${t("backups.now")} icon="refresh" id="backup-now" onClick=${run} />`}
    </${Callout}>
    ${good && html`<p class="faint" data-testid="backup-good">${t("backups.good.checked", { file: good.file })}</p>`}
  `;
}

/** It may ask a bucket, so it comes after the rest of the page. */
function There({ call, mine }) {
  const { value, instead } = useLoad(call, "kept", {}, { part: true });
  const none = html`<p class="soft">${t("backups.there.none")}</p>`;
  const commands = html`
    <${More} title=${t("backups.restore")}>
      <div class="hy-stack">
        <p class="faint">${t("backups.restore.hint")}</p>
        <${CopyField} value="python app.py restore FILE --dry-run" />
        <${CopyField} value="python app.py restore FILE --stop" />
      </div>
      </${More}>
  `;
  const lines = (value ?? []).map(({ name, at: made }) =>
    html`
      <${Line} key=${name} id="backup-${name}" actions=${mine && html`<${Download} name=${name} />`}>
        <b>${moment(made)}</b><p class="faint">${name}</p>
        </${Line}>
    `
  );
  return html`
    <${Card} title=${t("backups.there")} hint=${mine ? t("backups.there.hint") : ""} data-testid="backups-there">
      ${instead ?? (lines.length ? html`<${Table}>${lines}</${Table}>` : none)}
      ${commands}
      </${Card}>
  `;
}

const Updates = ({ updates, mine }) =>
  html`
    <${Card} title=${t("backups.updates")} hint=${t("backups.updates.hint")} data-testid="backups-updates">
      <${Table}>${updates.map(({ name, version, at: made }) =>
        html`
          <${Line} key=${name} id="update-${name}" actions=${mine && html`<${Download} name=${name} />`}>
            <b>${t("backups.updates.of", { version, when: moment(made) })}</b><p class="faint">${name}</p>
            </${Line}>
        `
      )}</${Table}>
      </${Card}>
  `;

const Download = ({ name }) =>
  html`
    <${Link} label=${t("backups.download")} icon="download" id="download-${name}"
      href=${at(`backups/file?name=${encodeURIComponent(name)}`)} />
  `;

const Support = () =>
  html`
    <${Card} title=${t("backups.support")} hint=${t("backups.support.hint")}
      aside=${html`
        <${Link} label=${t("backups.download")} icon="download" id="support-file" href=${at("backups/support")} />
      `} data-testid="support" />
  `;
