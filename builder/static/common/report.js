// What became of each part of somebody else's file: counts, then a line each; what cannot come may have a stub.

import { html, useState } from "preact";
import { Button, Pill } from "./elements.js";
import { begun, listed, t } from "./texts.js";

const TONES = { became: "ok", nearly: "warn", lost: "bad" };
const STATES = Object.keys(TONES);

/** `stubs`: ids of the nodes that a stub stands for; `change(stubs)`: without it nothing can be changed. `goes`: ours, to another product. `show(block)`: leads to what stands for a part. */
export function Report({ report, stubs = [], change = undefined, goes = false, show = undefined }) {
  const [only, setOnly] = useState("");
  const { product, name, counts, rows } = report;
  const parts = STATES.reduce((sum, state) => sum + counts[state], 0);
  const nodes = report.nodes ?? parts;
  const sum = goes ? "export.sum" : parts > nodes ? "import.sum.more" : "import.sum";
  const lost = Object.entries(report.lost ?? {}).filter(([part]) => part !== "node");
  const shown = rows.filter(({ state }) => !only || state === only);
  const missing = rows.filter(({ state, node }) => state === "lost" && node).map(({ node }) => node);
  const all = missing.length > 0 && missing.every((node) => stubs.includes(node));
  return html`
    <section class="hy-stack" data-testid="import-report" aria-label=${t("import.report")}>
      <p>${t(sum, { product, name, n: nodes, more: parts - nodes })}</p>
      <div class="hy-row" role="group" aria-label=${t("import.filter")}>
        ${STATES.map((state) =>
          html`<${Filter} key=${state} state=${state} n=${counts[state]} only=${only} setOnly=${setOnly} />`
        )}
        ${change && missing.length > 0 && html`
          <${Button} label=${t(all ? "import.stubs.none" : "import.stubs.all")} id="stub-all"
            onClick=${() => change(all ? [] : missing)} />
        `}
      </div>
      ${lost.length > 0 && html`
        <p data-testid="report-lost">${t("import.lost", {
          parts: listed(lost.map(([part, n]) => t(`import.lost.${part}`, { n }))),
        })}</p>
      `}
      ${!goes && html`<p class="soft">${t("import.held")}</p>`}
      <div class="hy-scroll">
        <table class="hy-report">
          <thead>
            <tr>
              <th>${t("import.state")}</th>
              <th>${t("import.theirs")}</th>
              <th>${t("import.ours")}</th>
              <th>${t(
                "import.why",
              )}</th>
            </tr>
          </thead>
          <tbody>${shown.map((row, at) =>
            html`<${Line} key=${at} row=${row} stubs=${stubs} change=${change} show=${show} />`
          )}</tbody>
        </table>
      </div>
    </section>
  `;
}

const Filter = ({ state, n, only, setOnly }) =>
  html`
    <button type="button" class="hy-pill ${n ? TONES[state] : ""} hy-filter" aria-pressed=${only === state}
      data-testid="only-${state}" onClick=${() => setOnly(only === state ? "" : state)}>
      ${t(`import.is.${state}`)} ${n}
    </button>
  `;

function Line({ row, stubs, change, show }) {
  const { title, theirs, state, ours, why, node, block } = row;
  const has = stubs.includes(node);
  const toggle = () => change(has ? stubs.filter((one) => one !== node) : [...stubs, node]);
  return html`
    <tr>
      <td>
        <${Pill} tone=${TONES[state]}>${t(`import.is.${state}`)}</${Pill}></td>
      <td lang="">${title || theirs}${title && theirs && html`<br /><span class="faint">${theirs}</span>`}</td>
      <td>${begun(ours)}</td>
      <td>
        ${begun(why)}
        ${show && block && html`
          <${Button} label=${t("import.show")} look="quiet" id="show-${block}" onClick=${() => show(block)} />
        `}
        ${change && state === "lost" && node && html`
          <${Button} label=${t(has ? "import.stub.off" : "import.stub")} look="quiet" id="stub-${node}"
            aria-pressed=${has} onClick=${toggle} />
        `}
      </td>
    </tr>
  `;
}
