// A phone with a clock: minutes of a chat, played in a few seconds.

import { html, useLayoutEffect, useMemo, useRef, useState } from "preact";
import { Button, Icon, initial } from "../common/elements.js";
import { say, t } from "../common/texts.js";
import { Bubble, Frame } from "./phone.js";

const LASTS = 8000; // milliseconds that a replay takes, however long the chat was
const TAIL = 1; // seconds after the last thing
const ABOVE = 12; // pixels above what is newest
const SHORTEST = 0.6; // weight of things that follow each other at once
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** `items`: what rehearsal.py tells, in order. It plays by itself, again for other items. */
export function Replay({ name, names, items, summary }) {
  const root = useRef(null);
  const marks = useMemo(() => scale(items), [items]);
  const { at, plays, toggle, go } = usePlaying(items);
  const time = timeAt(marks, at);
  useLayoutEffect(() => root.current.scrollIntoView({ block: "start", behavior: still() ? "auto" : "smooth" }), [
    items,
  ]);
  const bar = html`<${Bar} at=${at} time=${time} plays=${plays} toggle=${toggle} go=${go} />`;
  return html`
    <div class="hy-replay" ref=${root}>
      <${Figures} ...${summary} />
      <div class="hy-replay-sides">
        <div
          class="hy-replay-phone">${!still() &&
            bar}<${Screen} name=${name} names=${names} items=${items} time=${time} /></div>
        <ol class="hy-story" aria-label=${t("rehearse.steps")} data-testid="story">
            ${items.map((item, i) => html`<${Step} key=${i} item=${item} names=${names} over=${item.at <= time} />`)}
          </ol>
      </div>
    </div>
  `;
}

/** How much of the replay is over, 0 to 1, and its controls. Who wants no motion sees its end. */
function usePlaying(items) {
  const [at, setAt] = useState(still() ? 1 : 0);
  const [plays, setPlays] = useState(false);
  const now = useRef(0);
  const show = (next) => setAt(now.current = next);
  useLayoutEffect(() => {
    if (still()) return show(1);
    show(0);
    setPlays(true);
  }, [items]);
  useLayoutEffect(() => {
    if (!plays) return;
    let before = performance.now();
    let frame = 0;
    const tick = (time) => {
      show(Math.min(1, now.current + Math.max(0, time - before) / LASTS));
      before = time;
      if (now.current < 1) frame = requestAnimationFrame(tick);
      else setPlays(false);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [plays, items]);
  const toggle = () => {
    if (!plays && now.current >= 1) show(0);
    setPlays(!plays);
  };
  const go = (next) => (setPlays(false), show(next));
  return { at, plays, toggle, go };
}

function Bar({ at, time, plays, toggle, go }) {
  const [icon, word] = plays ? ["pause", "pause"] : at >= 1 ? ["refresh", "again"] : ["play", "go"];
  return html`
    <div class="hy-replay-bar">
      <${Button} icon=${icon} look="icon" title=${t(`replay.${word}`)} id="replay" onClick=${toggle} />
      <input type="range" class="hy-replay-slider" min="0" max="1000" value=${Math.round(at * 1000)}
        aria-label=${t("replay.position")} aria-valuetext=${clock(time)} onInput=${(event) =>
          go(event.target.value / 1000)} />
      <time class="hy-replay-clock" data-testid="replay-clock">${clock(time)}</time>
    </div>
  `;
}

function Screen({ name, names, items, time }) {
  const body = useRef(null);
  const is = ({ at, until }) => at <= time && (until === undefined || time < until);
  const seen = items.filter((item) => item.kind in SEEN);
  const newest = seen.findLastIndex(is);
  // what is too tall for the phone is read from its top
  useLayoutEffect(() => {
    const node = body.current.children[newest];
    if (node) body.current.scrollTop = node.offsetTop - ABOVE;
  }, [newest]);
  const types = items.some((item) => item.kind === "typing" && is(item));
  const title = html`<b class=${types ? "soft" : ""}>${types ? t("replay.typing") : name}</b>`;
  return html`
    <${Frame} title=${title}>
      <div class="hy-phone-body" role="log" aria-label=${t("rehearse.log", names)} tabindex="0" ref=${body}>
          ${seen.map((item, i) =>
            html`<${Item} key=${i} name=${name} names=${names} item=${item} hidden=${!is(item)} />`
          )}
        </div>
      </${Frame}>
  `;
}

/** What is seen on the phone, by kind; the platform's repeats are not. */
const SEEN = {
  text: (item, said) => item.route === "page" ? html`<${Page} text=${item.text} />` : said,
  failure: (item, said) => item.who === "platform" ? html`<p class="hy-replay-note">${item.text}</p>` : said,
  placeholder: (_, said) => said,
  tap: (item) =>
    html`<p class="hy-replay-note tap"><${Icon} name="tap" size=${15} />${t("replay.tap", { label: item.text })}</p>`,
  page: () => html`<${Page} text=${t("replay.thinking")} waits />`,
  played: (item) => html`<p class="hy-replay-note">${say(item.words)}</p>`,
  waits: (item) => html`<p class="hy-replay-note waits"><${Icon} name="clock" size=${15} />${say(item.words)}</p>`,
};

function Item({ name, names, item, hidden }) {
  const mine = item.who === "person" && item.kind === "text";
  const letter = item.who === "person" ? t("phone.me") : initial(name);
  const said = html`<${Bubble} who=${mine ? "me" : "them"} letter=${letter}>
    ${item.text}${item.tap && html`<span class="hy-replay-link">${item.tap}</span>`}
  </${Bubble}>`;
  return html`<div class="hy-replay-item ${item.who} ${item.kind}" hidden=${hidden}>
    ${SEEN[item.kind](item, said)}
    <div class="hy-replay-meta">${clock(item.at)}${item.route && ` · ${route(item, names)}`}</div>
  </div>`;
}

/** The answer's page, which the tap opened. */
function Page({ text, waits = false }) {
  return html`
    <div class="hy-replay-page ${waits ? "waits" : ""}">
      <b><${Icon} name="link" size=${14} />${t("replay.page")}</b>
      <p data-testid=${waits ? "page-waits" : "page-answer"}>${text}</p>
    </div>
  `;
}

/** What a line of the list below the phone says, which also tells what nobody sees. */
const TOLD = {
  repeat: (item, names) => t("replay.step.repeat", { ...names, n: item.attempt - 1 }),
  typing: (item) => t("replay.step.typing", { until: clock(item.until) }),
  tap: () => t("replay.step.tap"),
  page: () => t("replay.step.page"),
  placeholder: () => t("replay.step.placeholder"),
  failure: () => t("replay.step.failure"),
  played: (item) => t("replay.step.played", { what: say(item.words) }),
  waits: (item) => t("replay.step.waits", { what: say(item.words), time: clock(item.latest) }),
  text: (item) => t(item.who === "person" ? "replay.step.asked" : "replay.step.answer"),
};

function Step({ item, names, over }) {
  return html`
    <li class="${item.who} ${item.kind} ${over ? "over" : ""}">
      <time>${clock(item.at)}</time>
      <span>${TOLD[item.kind](item, names)}${item.route &&
        html`<span class="faint">${route(item, names)}</span>`}</span>
    </li>
  `;
}

function Figures({ seconds, taps, pushes, quota }) {
  const rows = [
    ["answer", seconds === null ? t("rehearse.never") : t("rehearse.after", { n: seconds })],
    ["taps", t("rehearse.times", { n: taps })],
    ["pushes", quota ? t("rehearse.of", { n: pushes, quota }) : t("rehearse.no_push")],
  ];
  const row = ([key, value]) =>
    html`
      <div key=${key}>
        <dt>${t(`rehearse.figure.${key}`)}</dt>
        <dd>${value}</dd>
      </div>
    `;
  return html`<dl class="hy-figures" data-testid="figures">${rows.map(row)}</dl>`;
}

const route = ({ route, attempt }, names) => t(`rehearse.route.${route}`, { ...names, n: attempt - 1 });

const clock = (seconds) => {
  const whole = Math.floor(seconds + 0.05);
  const two = (n) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
};

/** Long waits are shortened, so that all of it fits: [{time, at}], `at` from 0 to 1. */
function scale(items) {
  const times = [...new Set(items.flatMap(({ at, until }) => (until === undefined ? [at] : [at, until])))];
  times.sort((a, b) => a - b).push(times.at(-1) + TAIL);
  const ends = [0];
  for (let i = 1; i < times.length; i++) {
    ends.push(ends[i - 1] + Math.max(SHORTEST, Math.log1p(times[i] - times[i - 1])));
  }
  return times.map((time, i) => ({ time, at: ends[i] / ends.at(-1) }));
}

function timeAt(marks, at) {
  const next = marks.findIndex((mark) => mark.at >= at);
  if (next <= 0) return next ? marks.at(-1).time : marks[0].time;
  const [before, after] = [marks[next - 1], marks[next]];
  return before.time + ((at - before.at) / (after.at - before.at)) * (after.time - before.time);
}
