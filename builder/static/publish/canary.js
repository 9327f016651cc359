// A version that some people have first, beside the one that everybody else has.

import { html, useEffect, useState } from "preact";
import { confirmed } from "../common/dialog.js";
import { Button, More, Pill } from "../common/elements.js";
import { Field, Input, Select } from "../common/field.js";
import { told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { ago, say, t } from "../common/texts.js";
import { gone } from "../common/undo.js";
import { DebugWord } from "./debug_word.js";
import { ReplayTalks } from "./replay_talks.js";
import { Shadow } from "./shadow.js";
import { Over, Trial, Which } from "./trial.js";
import { Versions } from "./versions.js";

const FIRST = [1, 2, 5, 10, 0];
const LATER = [1, 2, 5, 10, 25, 50, 75];

/** What answers, whom; and, folded away where nothing of it runs, how another version is tried. */
export function Releases(context) {
  const { shadow, canary } = context.publication;
  const [open] = useState(Boolean(shadow.now || canary.now)); // later it is as whoever looks leaves it
  return html`
    <${Versions} ...${context} />
    <${More} title=${html`<${Trials} shadow=${shadow.now} canary=${canary} />`} open=${open} data-testid="trials">
      <div class="hy-stack">
        <${ReplayTalks} ...${context} />
        <${Shadow} ...${context} />
        <${Canary} ...${context} />
        <${DebugWord} ...${context} />
      </div>
      </${More}>
  `;
}

/** What of them is on stands there also when they are folded. */
function Trials({ shadow, canary }) {
  const on = [shadow && t("shadow.runs", shadow), canary.now && t("canary.runs", canary.now)].filter(Boolean);
  if (canary.debug) on.push(t("debug.on"));
  return [t("trials"), ...on.map((one) => [" ", html`<${Pill} key=${one} tone="accent">${one}</${Pill}>`])];
}

function Canary(context) {
  const { now, last } = context.publication.canary;
  const hint = now ? t("canary.since", { ago: ago(now.since), share: shareOf(now.share) }) : t("canary.hint");
  const title = now ? t("canary.runs", now) : t("canary");
  return html`
    <${Trial} id="canary" title=${title} hint=${hint} now=${now} running=${html`
      <${Running} ...${context} now=${now} />
    `} beginning=${html`<${Beginning} ...${context} />`}
      last=${last && html`<${Last} ...${last} />`} />
  `;
}

/** Which version, and for whom. */
function Beginning({ call, publication, again }) {
  const [version, setVersion] = useState("0");
  const [whom, setWhom] = useState({ share: 5, tags: "" });
  const start = async () => {
    const args = { publication: publication.id, version: Number(version), ...wanted(whom) };
    if (told(await call("start_canary", args))) await again();
  };
  return html`
    <${Which} id="canary" publication=${publication} value=${version} onChange=${setVersion} />
    <${Whom} whom=${whom} shares=${FIRST} onChange=${setWhom} />
    <div>
      <${Button} label=${t("canary.start")} icon="send" id="canary-start" onClick=${start} />
    </div>
  `;
}

/** How it does beside the other, and what may be done with it. */
function Running({ call, publication, again, now }) {
  const args = { publication: publication.id };
  const [{ sides, says }, setFound] = useState({ sides: [], says: { zh: "", en: "" } });
  const [whom, setWhom] = useState({ share: now.share, tags: now.tags.join(", ") });
  const look = async () => {
    const answer = await call("canary_figures", args);
    if (answer.ok) setFound(answer.value);
  };
  useEffect(() => void look(), [publication.id, now.version]);
  const change = async () => {
    if (told(await call("share_canary", { ...args, ...wanted(whom) }))) await again();
  };
  const release = async () => {
    const sure = await confirmed(t("canary.release.title", now), t("canary.release.hint"), t("canary.release"));
    if (sure && told(await call("release_canary", args))) await again();
  };
  const shares = LATER.includes(now.share) ? LATER : [now.share, ...LATER];
  return html`
    <${Table}>${sides.map((one) => html`<${Side} key=${one.version} now=${now} ...${one} />`)}</${Table}>
    ${say(says) && html`<p class="soft hy-verbatim" data-testid="canary-says">${say(says)}</p>`}
    <${Whom} whom=${whom} shares=${shares} onChange=${setWhom} />
    <div class="hy-row">
      <${Button} label=${t("canary.change")} id="canary-change" onClick=${change} />
      <${Button} label=${t("canary.release")} look="primary" id="canary-release" onClick=${release} />
      <${Button} label=${t("canary.stop")} look="danger" id="canary-stop"
        onClick=${() => gone(call, "stop_canary", args, again)} />
      <${Button} label=${t("canary.refresh")} look="quiet" icon="refresh" id="canary-refresh" onClick=${look} />
    </div>
  `;
}

/** A share of all people, and those who always have it. */
function Whom({ whom, shares, onChange }) {
  const options = shares.map((one) => [String(one), shareOf(one)]);
  return html`
    <${Field} id="canary-share" label=${t("canary.share")}>
      <${Select} id="canary-share" value=${String(whom.share)} options=${options}
        onChange=${(value) => onChange({ ...whom, share: Number(value) })} />
      </${Field}>
      <${Field} id="canary-tags" label=${t("canary.tags")} optional=${true} hint=${t("canary.tags.hint")}>
        <${Input} id="canary-tags" value=${whom.tags} onChange=${(tags) => onChange({ ...whom, tags })} />
        </${Field}>
  `;
}

function Side({ now, ...side }) {
  return html`
    <${Line} id="canary-side-${side.version}">
      <div class="hy-row">
          <b>${t("canary.side", side)}</b>
          ${side.version === now.version && html`<${Pill} tone="accent">${shareOf(now.share)}</${Pill}>`}
        </div>
      <p class="soft">${t(side.seconds === null ? "canary.side.none" : "canary.side.more", side)}</p>
      </${Line}>
  `;
}

function Last({ version, at, says, sides }) {
  return html`
    <${Over} id="canary" version=${version} at=${at} why=${says} />
    ${sides.length > 0 &&
      html`<${Table}>${sides.map((one) => html`<${Side} key=${one.version} now=${{}} ...${one} />`)}</${Table}>`}
  `;
}

const shareOf = (share) => (share ? t("canary.share.of", { share }) : t("canary.share.none"));

/** As the server takes it. */
const wanted = ({ share, tags }) => ({
  ...(share ? { share } : {}),
  tags: tags.split(/[,，、;；]/).map((tag) => tag.trim()).filter(Boolean),
});
