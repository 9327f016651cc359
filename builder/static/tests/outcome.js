// How a case ended, in full: what was said, what was wanted, what came instead, and the way that was taken.

import { html } from "preact";
import { Callout, Icon, Link, More } from "../common/elements.js";
import { useLoad } from "../common/load.js";
import { href } from "../common/server.js";
import { say, t } from "../common/texts.js";
import { Trace } from "../play/trace.js";
import { sideName } from "./sides.js";

export function Outcome({ work, one, side, alone }) {
  const at = side.cases[one.id].at ?? side.at;
  const asked = { id: work.id, at, case: one.id };
  const { value, instead } = useLoad(work.call, "outcome", asked, { part: true });
  if (instead) return instead;
  if (!value) return html`<p class="soft">${t("tests.gone")}</p>`;
  const line = (answer, i) =>
    html`
      <${Said} key=${i} number=${i + 1} line=${one.lines[i]} answer=${answer} found=${value}
        work=${work} />
    `;
  const missing = value.missed.filter((missed) => missed.line > value.answers.length);
  return html`
    <div class="hy-stack tight" data-testid="outcome-${one.id}">
      ${!alone && html`<b>${sideName(side, work.opened.versions)}</b>`}
      ${value.by_words && html`<${Callout} tone="warn" title=${t("tests.by_words")} />`}
      ${value.answers.map(line)}
      ${missing.map((missed, i) => html`<${Missed} key=${i} missed=${missed} forms=${work.opened.forms} />`)}
      <div class="hy-row">
        <${Link} label=${t("tests.play_it")} icon="play" id="play-case"
          href=${`${href("play")}&case=${encodeURIComponent(one.id)}`} />
        <${Link} label=${t(value.at ? "tests.to_block" : "nav.build")} icon="flow" id="mend-case"
          href=${value.at ? `${href("build")}&at=${value.at}` : href("build")} />
      </div>
    </div>
  `;
}

function Said({ number, line, answer, found, work }) {
  const missed = found.missed.filter((one) => one.line === number);
  const reasons = (found.judged ?? []).filter((one) => one.line === number);
  const events = found.lines[number - 1];
  return html`
    <div class="hy-passage">
      <p class="hy-verbatim"><b>${t("tests.person")}</b> ${line?.says} ${line?.files?.map((name) => `📎 ${name}`).join(
        " ",
      )}</p>
      <p class="hy-verbatim"><b>${t("tests.agent")}</b> ${answer || t("tests.silent")}</p>
      ${missed.map((one, i) => html`<${Missed} key=${i} missed=${one} forms=${work.opened.forms} />`)}
      ${reasons.map((one, i) =>
        html`<p key=${i} class="faint"><${Icon} name="check" size=${13} /> ${say(one.says)}</p>`
      )}
      ${events && html`
        <${More} title=${t("tests.trace")} data-testid="case-trace">
          <${Trace} events=${events} titles=${found.titles} />
          </${More}>
      `}
    </div>
  `;
}

function Missed({ missed, forms }) {
  const wanted = missed.check && wantedOf(missed.check, forms);
  return html`
    <p class="hy-test-missed"><${Icon} name="warning" size=${14} /><span>
      ${wanted && html`<b>${t("tests.wanted")}</b> ${wanted}<br />`}<b>${t("tests.came")}</b> ${say(missed.says)}
    </span></p>
  `;
}

/** What a check asks, in words. */
export function wantedOf({ type, ...values }, forms) {
  const form = forms.checks[type];
  const told = Object.entries(values).map(([name, value]) => {
    const property = form?.schema.properties[name];
    const shown = say(property?.choices?.[value]) || (typeof value === "string" ? value : JSON.stringify(value));
    return Object.keys(form?.schema.properties ?? {}).length > 1
      ? `${say(property?.labels) || name} ${shown}`
      : t("tests.quoted", { text: shown });
  });
  return [say(form?.about) || type, ...told].join(" · ");
}
