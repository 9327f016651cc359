// Answers of two versions to the same message, which are not the same.

import { html } from "preact";
import { Link } from "../common/elements.js";
import { Line, Table } from "../common/table.js";
import { say, t } from "../common/texts.js";

/** `talks`: [{seq, text, live?, shadow | draft, failure?, why}]. */
export const Differences = ({ call, agent, talks }) =>
  html`<${Table} data-testid="differences">${
    talks.map((one) => html`<${Difference} key=${one.seq} call=${call} agent=${agent} ...${one} />`)
  }</${Table}>`;

function Difference({ call, agent, seq, text, live, shadow, draft, failure, why }) {
  const test = `tests?agent=${encodeURIComponent(agent)}&talk=${seq}`;
  const now = shadow ?? draft;
  const actions = html`
    <${Link} label=${t("differences.open")} href="insights/conversation?id=${seq}" look="quiet" id="open-${seq}" />
    ${call.may("go_live", agent) && html`<${Link} label=${t("differences.test")} href=${test} id="test-${seq}" />`}
  `;
  return html`<${Line} id="difference-${seq}" actions=${actions}>
    <p class="hy-verbatim"><b>${text}</b></p>
    ${live !== undefined && html`<p class="soft hy-verbatim">${t("differences.live")}${live || "–"}</p>`}
    <p class="soft hy-verbatim">${t("differences.other")}${
    failure ? t("differences.failed", { failure }) : now || "–"
  }</p>
    ${why.map((one, n) => html`<p key=${n} class="faint hy-verbatim">${say(one)}</p>`)}
  </${Line}>`;
}
