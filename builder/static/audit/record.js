// One record: who did what to what, from where, when, how it ended, and what it was before. Names and values are
// those of the log, in no language of the page (`lang=""`), where the server has no words for them.

import { html } from "preact";
import { More, Pill } from "../common/elements.js";
import { moment, say, t } from "../common/texts.js";

const TONES = { done: "ok", refused: "warn", failed: "bad" };
const SHOWN = 4; // changes that stand open

export function Record({ one, names }) {
  const cells = [
    html`
      <time datetime=${new Date(one.at * 1000).toISOString()}>${moment(one.at, { second: "2-digit" })}</time>
      <span class="faint">#${one.number}</span>
    `,
    html`<b lang=${languageOf(one.who_words)}>${say(one.who_words)}</b>`,
    html`<span>${say(one.words)}</span>${
      say(one.words) === one.what ? "" : html`
        <code>${one.what}</code>
      `
    }`,
    one.of && html`<code>${one.of}</code>`,
    html`<span lang=${languageOf(one.from)}>${say(one.from)}</span>`,
    html`<${Pill} tone=${TONES[one.status] ?? ""}>${t(`audit.is.${one.status}`)}</${Pill}>`,
  ];
  const changed = one.changes;
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
    html`<li key=${n}>${say(name) && html`<span class="soft">${say(name)}: </span>`}${
      was && html`<del lang=${languageOf(was)}>${say(was)}</del>`
    }${was && now && " → "}${now && html`<ins lang=${languageOf(now)}>${say(now)}</ins>`}</li>`;
  return html`<ul>${changed.map(line)}</ul>`;
}

/** None of ours for what reads alike in both. */
const languageOf = (text) => (text.zh === text.en ? "" : null);
