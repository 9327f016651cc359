// How often a schedule runs, chosen and not written: it writes the five fields that stand beside it, as far as it can say them.

import { html } from "preact";
import { Field, Input, Select } from "../common/field.js";
import { lang, t } from "../common/texts.js";

const SAID = /^(\d{1,2}) (\d{1,2}) (?:\* \* (\*|1-5|[0-6])|(\d{1,2}) \* \*)$/;
const MONDAY = Date.UTC(2024, 0, 1);
const DAY = 86_400_000; // ms
const DAYS = [1, 2, 3, 4, 5, 6, 0];
const OF_MONTH = [1, 15, 28];
const USUAL = "09:00";

/** {often, time} of "30 9 * * 1-5"; `often` is "" where it says more. */
export function read(cron) {
  const match = SAID.exec(cron.trim());
  if (!match) return { often: "", time: USUAL };
  const [, minute, hour, week, day] = match;
  return { often: day ? `day ${day}` : week, time: `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}` };
}

/** The five fields, back. */
export function write(often, time) {
  const [hour, minute] = (time || USUAL).split(":").map(Number);
  return `${minute} ${hour} ${often.startsWith("day ") ? `${often.slice(4)} * *` : `* * ${often}`}`;
}

const weekday = (day) =>
  new Date(MONDAY + ((day + 6) % 7) * DAY).toLocaleDateString(lang, { weekday: "long", timeZone: "UTC" });

function options(often) {
  const known = [
    ["*", t("starts.often.day")],
    ["1-5", t("starts.often.work")],
    ...DAYS.map((day) => [String(day), t("starts.often.week", { day: weekday(day) })]),
    ...OF_MONTH.map((n) => [`day ${n}`, t("starts.often.month", { n })]),
  ];
  const own = often === "" ? t("starts.often.own") : t("starts.often.month", { n: often.slice(4) });
  return known.some(([value]) => value === often) ? known : [[often, own], ...known];
}

export function Often({ cron, change }) {
  const { often, time } = read(cron);
  return html`
    <div class="hy-form two">
      <${Field} id="start-often" label=${t("starts.often")}>
        <${Select} id="start-often" value=${often} options=${options(often)} onChange=${(next) =>
          change(write(next, time))} />
        </${Field}>
        <${Field} id="start-time" label=${t("starts.time")}>
          <${Input} id="start-time" kind="time" value=${time} disabled=${often === ""} onChange=${(next) =>
            next && change(write(often, next))} />
          </${Field}>
          </div>
  `;
}
