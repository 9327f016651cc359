// The beginnings that there would be: which is new, gone or changed, and in what; one of them is looked at.

import { html } from "preact";
import { Pill } from "../common/elements.js";
import { Segments } from "../common/segments.js";
import { say, t } from "../common/texts.js";
import { lookAt, shownFlow } from "./proposed.js";
import { titleOf } from "./starts.js";

const TONES = { added: "ok", removed: "bad" };

export function ProposedStarts({ work }) {
  const { starts } = work.panel.proposed;
  if (!starts.length) return null;
  const at = shownFlow(work);
  const named = (one) =>
    html`<span class="hy-row">${titleOf(one)}${
      one.marks.map((kind) => html`<${Pill} key=${kind} tone=${TONES[kind] ?? "accent"}>${t(`difference.${kind}`)}<//>`)
    }</span>`;
  const options = [
    { id: "flow", label: t("starts.messages"), testid: "proposed-messages" },
    ...starts.map((one) => ({ id: `starts.${one.id}`, label: named(one), testid: `proposed-${one.id}` })),
  ];
  const chosen = starts.find(({ id }) => `starts.${id}` === at);
  return html`
    <div>
      <div class="hy-starts">
        <${Segments} label=${t("starts.title")} options=${options} chosen=${at} onChoose=${(name) =>
          lookAt(work, name)} />
      </div>
      ${chosen?.fields.length > 0 && html`<${Fields} one=${chosen} />`}
    </div>
  `;
}

function Fields({ one }) {
  return html`
    <dl class="hy-start hy-start-change" data-testid="proposed-fields">${one.fields.map(({ label, before, after }) =>
      html`
        <div key=${say(label)}>
          <dt>${say(label)}</dt>
          <dd>${before && html`<del>${say(before)}</del>`} ${after && html`<ins>${say(after)}</ins>`}</dd>
        </div>
      `
    )}</dl>
  `;
}
