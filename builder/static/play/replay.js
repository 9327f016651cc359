// A phone with a clock: minutes of a chat, played in a few seconds.

import { button, h, icon, initial } from "../common/dom.js";
import { bubble, frame } from "./phone.js";
import { t } from "../common/texts.js";

const LASTS = 8000; // milliseconds that a replay takes, however long the chat was
const TAIL = 1; // seconds after the last thing
const ABOVE = 12; // pixels above what is newest
const SHORTEST = 0.6; // weight of things that follow each other at once

/** `items`: what rehearsal.py tells, in order. Returns {root, start(), stop()}. */
export function replay(name, items, summary, names) {
  const player = new Player(name, items, summary, names);
  return { root: player.root, start: () => player.start(), stop: () => player.stop() };
}

class Player {
  constructor(name, items, summary, names) {
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.name = name;
    this.marks = scale(items);
    this.typing = items.filter((item) => item.kind === "typing");
    this.shown = items.map((item) => ({ item, node: seen(name, item, names) })).filter(({ node }) => node);
    this.steps = items.map((item) => ({ item, node: step(item, names) }));
    this.title = h("b", {}, name);
    this.body = h(
      "div",
      { class: "hy-phone-body", role: "log", "aria-label": t("rehearse.log", names), tabIndex: 0 },
      this.shown.map(({ node }) => node),
    );
    this.root = h(
      "div",
      { class: "hy-replay" },
      figures(summary),
      h(
        "div",
        { class: "hy-replay-sides" },
        h("div", { class: "hy-replay-phone" }, this.still ? null : this.bar(), frame(this.title, this.body)),
        h(
          "ol",
          { class: "hy-story", "aria-label": t("rehearse.steps"), "data-testid": "story" },
          this.steps.map(({ node }) => node),
        ),
      ),
    );
  }

  bar() {
    this.toggle = button("", { name: "pause", look: "icon", title: t("replay.pause"), id: "replay" });
    this.toggle.addEventListener("click", () => this.frame ? this.stop() : this.start());
    this.slider = h("input", {
      type: "range",
      class: "hy-replay-slider",
      min: "0",
      max: "1000",
      "aria-label": t("replay.position"),
      oninput: () => (this.stop(), this.go(this.slider.value / 1000)),
    });
    this.clock = h("time", { class: "hy-replay-clock", "data-testid": "replay-clock" });
    return h("div", { class: "hy-replay-bar" }, this.toggle, this.slider, this.clock);
  }

  start() {
    if (this.still) return this.draw(this.marks.at(-1).time);
    if (!(this.at < 1)) this.at = 0;
    let before = performance.now();
    const tick = (now) => {
      this.frame = this.at < 1 && this.root.isConnected ? requestAnimationFrame(tick) : 0;
      this.go(Math.min(1, this.at + Math.max(0, now - before) / LASTS));
      before = now;
    };
    this.frame = requestAnimationFrame(tick);
    this.label();
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (!this.still) this.label();
  }

  /** `at`: how much of the replay is over, 0 to 1. */
  go(at) {
    this.at = at;
    if (at >= 1) this.stop();
    const time = timeAt(this.marks, at);
    this.slider.value = String(Math.round(at * 1000));
    this.slider.setAttribute("aria-valuetext", clock(time));
    this.clock.textContent = clock(time);
    this.draw(time);
  }

  draw(time) {
    const is = ({ at, until }) => at <= time && (until === undefined || time < until);
    const before = this.newest;
    for (const { item, node } of this.shown) {
      node.hidden = !is(item);
      if (!node.hidden) this.newest = node;
    }
    for (const { item, node } of this.steps) node.classList.toggle("over", item.at <= time);
    const types = this.typing.some(is);
    this.title.textContent = types ? t("replay.typing") : this.name;
    this.title.classList.toggle("soft", types);
    // what is too tall for the phone is read from its top
    if (this.newest !== before) this.body.scrollTop = this.newest.offsetTop - ABOVE;
  }

  label() {
    const [name, text] = this.frame ? ["pause", "pause"] : this.at >= 1 ? ["refresh", "again"] : ["play", "go"];
    this.toggle.replaceChildren(icon(name));
    for (const attribute of ["title", "aria-label"]) this.toggle.setAttribute(attribute, t(`replay.${text}`));
  }
}

/** What is seen on the phone; the platform's repeats are not. */
function seen(name, item, names) {
  const meta = h("div", { class: "hy-replay-meta" }, clock(item.at), item.route && ` · ${route(item, names)}`);
  const draw = {
    text: () => item.route === "page" ? page(item.text) : bubble(item.who === "person" ? "me" : "them", face(), said()),
    failure: () =>
      item.who === "platform" ? h("p", { class: "hy-replay-note" }, item.text) : bubble("them", face(), said()),
    placeholder: () => bubble("them", face(), said()),
    tap: () => h("p", { class: "hy-replay-note tap" }, icon("tap", 15), t("replay.tap", { label: item.text })),
    page: () => page(t("replay.thinking"), true),
  }[item.kind];
  if (!draw) return null;
  const face = () => (item.who === "person" ? t("phone.me") : initial(name));
  const said = () => [item.text, item.tap && h("span", { class: "hy-replay-link" }, item.tap)].filter(Boolean);
  return h("div", { class: `hy-replay-item ${item.who} ${item.kind}`, hidden: true }, draw(), meta);
}

/** The answer's page, which the tap opened. */
function page(text, waits = false) {
  return h(
    "div",
    { class: `hy-replay-page${waits ? " waits" : ""}` },
    h("b", {}, icon("link", 14), t("replay.page")),
    h("p", { "data-testid": waits ? "page-waits" : "page-answer" }, text),
  );
}

/** A line of the list below the phone, which also tells what nobody sees. */
function step(item, names) {
  const what = {
    repeat: () => t("replay.step.repeat", { ...names, n: item.attempt - 1 }),
    typing: () => t("replay.step.typing", { until: clock(item.until) }),
    tap: () => t("replay.step.tap"),
    page: () => t("replay.step.page"),
    placeholder: () => t("replay.step.placeholder"),
    failure: () => t("replay.step.failure"),
    text: () => item.who === "person" ? t("replay.step.asked") : t("replay.step.answer"),
  }[item.kind];
  return h(
    "li",
    { class: `${item.who} ${item.kind}` },
    h("time", {}, clock(item.at)),
    h("span", {}, what(), item.route && h("span", { class: "faint" }, route(item, names))),
  );
}

function figures({ seconds, taps, pushes, quota }) {
  const rows = [
    ["answer", seconds === null ? t("rehearse.never") : t("rehearse.after", { n: seconds })],
    ["taps", t("rehearse.times", { n: taps })],
    ["pushes", quota ? t("rehearse.of", { n: pushes, quota }) : t("rehearse.no_push")],
  ];
  return h(
    "dl",
    { class: "hy-figures", "data-testid": "figures" },
    rows.map(([key, value]) => h("div", {}, h("dt", {}, t(`rehearse.figure.${key}`)), h("dd", {}, value))),
  );
}

const route = ({ route, attempt }, names) => t(`rehearse.route.${route}`, { ...names, n: attempt - 1 });

const clock = (seconds) => {
  const whole = Math.floor(seconds + 0.05);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
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
