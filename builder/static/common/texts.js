// Every sentence the pages show, in the reader's language.

import { texts as names } from "assets";
import { lang as chosen } from "./ahead.js";
import { filled } from "./filled.js";
import { at } from "./root.js";

export const lang = chosen;

const response = await fetch(at(`static/${names[lang]}`));
const texts = await response.json();

/** The sentence of that key with its {placeholders} filled in. An unknown key shows itself. */
export function t(key, values = {}) {
  return filled(texts[key] ?? key, values, lang);
}

/** A {zh, en} pair from the server as one string. */
export const say = (text) => (text ? text[lang] || text.en || text.zh || "" : "");

/** The same where it stands by itself: such a sentence also goes on within another. */
export const begun = (text) => say(text).replace(/^\p{Ll}/u, (letter) => letter.toLocaleUpperCase(lang));

/** Names one after another. */
export const listed = (names) => names.join(lang.startsWith("zh") ? "、" : ", ");

/** A sentence of ours in the form in which the server sends them. */
export const pairOf = (key, values) => ({ [lang]: t(key, values) });

export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString(lang, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

/** A day and a time, the year only when it is another. `more`: of it. */
export function moment(seconds, more = {}) {
  const day = new Date(seconds * 1000);
  /** @type {Intl.DateTimeFormatOptions} */
  const shown = { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...more };
  if (day.getFullYear() !== new Date().getFullYear()) shown.year = "numeric";
  return day.toLocaleString(lang, shown);
}

export const YUAN_PER_DOLLAR = 7.1; // about, as runtime/models/prices.py has it

/** What was spent, in dollars as providers' price lists have it; null: nobody knows. */
export function money(dollars) {
  if (dollars === null) return t("usage.unknown");
  return dollars
    ? t("usage.price", { dollars: cents(dollars), yuan: cents(dollars * YUAN_PER_DOLLAR) })
    : t("usage.free");
}

/** Of limits and estimates, which are in dollars everywhere: as it is entered, and as the reader counts beside it. */
export function inDollars(dollars) {
  const short = (amount) => amount.toLocaleString(lang, { maximumFractionDigits: amount < 1 ? 4 : 2 });
  return t(dollars ? "usage.dollars" : "usage.dollars.none", {
    dollars: short(dollars),
    yuan: short(dollars * YUAN_PER_DOLLAR),
  });
}

const cents = (amount) => amount.toFixed(amount < 0.01 ? 5 : 3);

/** Milliseconds as people read them. */
export const lasting = (ms) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);

/** "3 minutes ago", or the date when longer than a week ago. */
export function ago(seconds, now = Date.now() / 1000) {
  const past = Math.max(0, now - seconds);
  if (past < 60) return t("time.now");
  const format = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
  if (past < 3600) return format.format(-Math.floor(past / 60), "minute");
  if (past < 86400) return format.format(-Math.floor(past / 3600), "hour");
  if (past < 7 * 86400) return format.format(-Math.floor(past / 86400), "day");
  return new Date(seconds * 1000).toLocaleDateString(lang, {
    year: "numeric",
    month: "short",
    day: "numeric",
  });
}
