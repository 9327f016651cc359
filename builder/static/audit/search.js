// What is looked for: by whom, in which area, how it ended, when, and with which words.

import { html, useEffect, useState } from "preact";
import { Field, Input, Select } from "../common/field.js";
import { say, t } from "../common/texts.js";

export const NOTHING = { by: "", area: "", status: "", text: "", since: "", until: "" };
const STATUSES = ["done", "refused", "failed"];
const PATIENCE = 400; // ms without a key until it is searched

/** As the server takes it: days become moments, the last day is included. */
export function asked({ since, until, ...rest }) {
  const found = { ...rest };
  if (since) found.since = midnight(since, 0);
  if (until) found.until = midnight(until, 1);
  return found;
}

/** Seconds since 1970 at the beginning of a day here, "2026-12-31", or so many days later. */
function midnight(day, later) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).getTime() / 1000;
}

/** Of the file with the same records. */
export function addressOf(form, sought) {
  const given = Object.entries({ form, ...asked(sought) }).filter(([, value]) => value !== "");
  return `audit/file?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

export function Search({ sought, change, people, areas }) {
  const [text, setText] = useState(sought.text);
  useEffect(() => {
    const timer = setTimeout(() => text.trim() !== sought.text && change({ ...sought, text: text.trim() }), PATIENCE);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => setText(sought.text), [sought.text]);
  const put = (name) => (value) => change({ ...sought, text: text.trim(), [name]: value });
  const choice = (name, options) =>
    html`
      <${Field} id="audit-${name}" label=${t(`audit.${name}`)}>
        <${Select} id="audit-${name}" value=${sought[name]} options=${options} onChange=${put(name)} />
        </${Field}>
    `;
  const day = (name) =>
    html`
      <${Field} id="audit-${name}" label=${t(`audit.${name}`)}>
        <${Input} id="audit-${name}" kind="date" value=${sought[name]} onChange=${put(name)} />
        </${Field}>
    `;
  return html`
    <div class="hy-audit-search" role="search">
      <${Field} id="audit-text" label=${t("audit.text")}>
        <${Input} id="audit-text" kind="search" value=${text} onChange=${setText} maxlength="200" />
        </${Field}>
        ${choice("by", [["", t("audit.anybody")], ...people.map(({ id, words }) => [id, say(words)])])}
        ${choice("area", [["", t("audit.any")], ...areas.map(({ id, words }) => [id, say(words)])])}
        ${choice("status", [["", t("audit.any")], ...STATUSES.map((one) => [one, t(`audit.is.${one}`)])])}
        ${day("since")}${day("until")}
      </div>
  `;
}
