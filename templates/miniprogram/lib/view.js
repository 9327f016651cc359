// An exchange as the page shows it: nothing but what stands there.

const { blocks } = require("./markdown.js");
const { sized } = require("./phone.js");
const { fill } = require("./texts.js");

const PAUSE = 5 * 60 * 1000; // milliseconds, after which it is said when something was

/**
 * @param {any} one an exchange
 * @param {{t: any, label: string, feedback: boolean, isOffline: boolean, before: any, isLast: boolean}} around
 */
function shown(one, { t, label, feedback, isOffline, before, isLast }) {
  const isDone = one.state === "answered" || one.state === "stopped";
  return {
    key: one.key,
    id: one.id,
    when: !before || one.at - before.at > PAUSE ? time(one.at) : "",
    input: one.input,
    files: one.files.map((file) => ({ id: file.id, kind: file.kind, name: file.name, size: sized(file.size) })),
    state: one.state,
    blocks: one.text ? blocks(one.text) : [],
    note: noted(one, t, isOffline),
    isBusy: one.state === "asked" || one.state === "writing" || (one.state === "waiting" && !isOffline),
    canRetry: one.state === "failed",
    canCopy: isDone && one.text !== "",
    canJudge: isDone && one.text !== "" && one.id !== "" && feedback,
    verdict: one.verdict,
    label: one.text ? label : "",
    choices: isDone && isLast ? one.choices : [],
  };
}

function noted(one, t, isOffline) {
  if (one.state === "waiting" && isOffline) return t.waiting;
  if (one.state === "waiting" || one.state === "asked") return t.asked;
  if (one.state === "stopped") return t.stopped;
  if (one.state === "failed") return fill(t.failed, { why: one.failed });
  return "";
}

/** Hour and minute, and the day where it is not today. */
function time(at) {
  const then = new Date(at);
  if (!at || isNaN(then.getTime())) return "";
  const two = (number) => `0${number}`.slice(-2);
  const clock = `${two(then.getHours())}:${two(then.getMinutes())}`;
  const isToday = then.toDateString() === new Date().toDateString();
  return isToday ? clock : `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${clock}`;
}

module.exports = { shown };
