// One record: who did what to what, from where, when, how it ended, and what it was before. Names and values are
// those of the log, in no language of the page (`lang=""`).

import { html } from "preact";
import { More, Pill } from "../common/elements.js";
import { lang, say, t } from "../common/texts.js";

const TONES = { done: "ok", refused: "warn", failed: "bad" };
const SHOWN = 4; // changes that stand open

export function Record({ one, names }) {
  const cells = [
    html`
      <time datetime=${new Date(one.at * 1000).toISOString()}>${moment(one.at)}</time>
      <span class="faint">#${one.number}</span>
    `,
    html`<b lang="">${one.who}</b>`,
    html`<span>${say(one.words)}</span>${
      say(one.words) === one.what ? "" : html`
        <code>${one.what}</code>
      `
    }`,
    one.of && html`<code>${one.of}</code>`,
    html`<span lang="">${one.origin}</span>`,
    html`<${Pill} tone=${TONES[one.status] ?? ""}>${t(`audit.is.${one.status}`)}</${Pill}>`,
  ];
  const changed = changes(one.before, one.after);
  return html`
    <tbody data-testid="record">
      <tr>${cells.map((cell, n) => html`<td key=${n} data-name=${names[n]}>${cell}</td>`)}</tr>
      ${changed.length > 0 && html`
        <tr class="changes">
          <td colspan=${cells.length}>${changed.length > SHOWN
            ? html`
              <${More} title=${t("audit.changes", { n: changed.length })}>
                <${Changes} changed=${changed} />
                </${More}>
            `
            : html`<${Changes} changed=${changed} />`}</td>
        </tr>
      `}
    </tbody>
  `;
}

function Changes({ changed }) {
  const line = ({ name, was, now }, n) =>
    html`<li key=${n}>${name && html`<span class="soft">${name}: </span>`}${
      was !== null &&
      html`<del>${was}</del>`
    }${was !== null && now !== null && " → "}${now !== null && html`<ins>${now}</ins>`}</li>`;
  return html`<ul lang="">${changed.map(line)}</ul>`;
}

/** What was and what is, side by side where both say it of the same: "name: value". */
export function changes(before, after) {
  const named = (line) => {
    const [name, ...rest] = line.split(": ");
    return rest.length ? { name, value: rest.join(": ") } : { name: "", value: line };
  };
  const left = after.map(named);
  const found = before.map(named).map(({ name, value }) => {
    const place = name ? left.findIndex((one) => one.name === name) : -1;
    const [now] = place < 0 ? [null] : left.splice(place, 1);
    return { name, was: value, now: now && now.value };
  });
  return [...found, ...left.map(({ name, value }) => ({ name, was: null, now: value }))];
}

const moment = (seconds) =>
  new Date(seconds * 1000).toLocaleString(lang, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
