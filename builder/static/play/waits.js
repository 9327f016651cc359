// What waits, and what begins besides messages: whoever tries the agent out plays the others here.

import { html, useState } from "preact";
import { Button, Callout, Pill } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { moment, say, t } from "../common/texts.js";
import { store, stored } from "./chat_kept.js";

const KEPT = "hongyan:start:"; // what was given with a start last, in this browser

/** `waits`: [{kind, what, until, plays: [{line, words}]}], the oldest first. `play(line)` is null while a turn runs. */
export function Waits({ waits, play }) {
  if (!waits?.length) return null;
  return html`<section class="hy-stack" aria-label=${t("play.waits")} data-testid="waits">
    ${waits.map((one, i) => html`<${Wait} key=${i} ...${one} last=${i === waits.length - 1} play=${play} />`)}
  </section>`;
}

/** What is tapped reaches the newest one of its kind, which is the last. */
function Wait({ kind, what, until, plays, last, play }) {
  const [body, setBody] = useState("");
  const until_ = until && t("play.waits.until", { at: moment(until) });
  const button = ({ line, words }) =>
    html`
      <${Button} key=${line} label=${say(words)} id="play${line.replace("/", "-")}" disabled=${!play}
        look=${line === "/approve" ? "primary" : ""} onClick=${() => play(line)} />
    `;
  return html`<${Callout} tone="accent" title=${`${t(`play.waits.${kind}`)} ${say(what)}`} detail=${until_}>
    ${
    last && kind === "call" && html`
      <${Body} id="call-body" value=${body} change=${setBody} label=${t("play.call")}
        go=${play && (() => play(`/call ${body}`.trim()))} action=${t("play.call.go")} />
    `
  }
    ${last && plays.filter(({ line }) => kind !== "call" || line !== "/call").map(button)}
  </${Callout}>`;
}

/** JSON that another system would send; it says so when it is none, and goes as it is written. */
function Body({ id, value, change, label, go, action }) {
  const wrong = value.trim() && !isJson(value) ? t("play.not_json") : "";
  return html`
    <div class="hy-form hy-play-body">
      <${Field} id=${id} label=${label} wrong=${wrong}>
        <${Input} id=${id} rows=${3} code value=${value} onChange=${change} spellcheck=${false} />
        </${Field}>
        <div>
          <${Button} label=${action} look="primary" icon="play" id="${id}-go" disabled=${!go}
            onClick=${go} />
        </div>
        </div>
  `;
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** `starts`: as playing.py offers them. */
export function Starts({ agent, play }) {
  return html`<div class="hy-stack">
    <p class="soft">${t("play.starts.hint")}</p>
    ${agent.starts.map((one) => html`<${Start} key=${one.id} agent=${agent.id} start=${one} play=${play} />`)}
  </div>`;
}

function Start({ agent, start, play }) {
  const { id, on, title, to, given } = start;
  const key = `${KEPT}${agent}:${id}`;
  const [value, setValue] = useState(() => stored(key) || given || "");
  const change = (next) => (setValue(next), store(key, next));
  const go = play && (() => play(`/start ${id} ${given === null ? "" : value}`.trim()));
  const head = html`<div class="hy-row"><b>${say(title)}</b><${Pill}>${t(`play.starts.${on}`)}</${Pill}>
    <span class="faint">${to ? t("play.starts.to", { to }) : say(start.for)}</span></div>`;
  const button = html`
    <div>
      <${Button} label=${t("play.starts.go")} icon="play" id="start-${id}" disabled=${!go}
        onClick=${go} />
    </div>
  `;
  return html`<section class="hy-card hy-form" data-testid="playable-${id}">
    ${head}
    ${
    on === "webhook" && html`
      <${Body} id="start-${id}-body" value=${value} change=${change} go=${go}
        label=${t("play.starts.body")} action=${t("play.starts.go")} />
    `
  }
    ${
    on === "event" && html`
      <${Field} id="start-${id}-value" label=${t("play.starts.value")}>
        <${Input} id="start-${id}-value" value=${value} onChange=${change} onEnter=${go} />
        </${Field}>
    `
  }
    ${on !== "webhook" && button}
  </section>`;
}
