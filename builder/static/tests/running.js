// Running: on what, how many at once, how far it is, what the last runs were.

import { html, useEffect, useState } from "preact";
import { Button, Callout, Card, Pill } from "../common/elements.js";
import { Field, Input, Select } from "../common/field.js";
import { told } from "../common/server.js";
import { moment, say, t } from "../common/texts.js";
import { toast } from "../common/toast.js";
import { figures, groups, price, shownRuns, sideName, versionName } from "./sides.js";

const OFTEN = 700; // milliseconds between two looks
const AT_ONCE = [1, 2, 4, 8, 16];
const MOST = 4; // sides
const DRAFT = { version: "draft", model: "" };

/** {now, over, begin(cases, sides, at_once), cancel()}; `again`: called when a run is over. */
export function useRunning(call, id, first, again) {
  const [now, setNow] = useState(first);
  const over = !now || now.over;
  useEffect(() => {
    if (over) return;
    const timer = setTimeout(async () => {
      const answer = await call("look_tests", { id }, { quiet: true });
      if (answer.ok && answer.value) {
        if (answer.value.over) await again();
        setNow(answer.value);
      } else setNow({ ...now });
    }, OFTEN);
    return () => clearTimeout(timer);
  }, [now]);
  const begin = async (cases, sides, at_once) => {
    const value = told(await call("begin_tests", { id, cases, sides, at_once }));
    if (value?.joined) toast(t("tests.joined"));
    if (value) setNow(value);
  };
  const cancel = async () => {
    told(await call("cancel_tests", { id }));
    await again();
    setNow((was) => was && { ...was, over: true });
  };
  return { now, over, begin, cancel };
}

export function Runs({ work, chosen, choose }) {
  const { opened, running, suite } = work;
  const [sides, setSides] = useState([DRAFT]);
  const [atOnce, setAtOnce] = useState("4");
  const failing = [...suite.standing.failing, ...suite.standing.unknown];
  const begin = (cases) => (choose(""), running.begin(cases, sides, Number(atOnce)));
  work.runOne = (id) => begin([id]);
  return html`
    <${Card}>
      <div class="hy-stack">
        ${opened.may.run && html`
          <${Sides} sides=${sides} change=${setSides} opened=${opened} atOnce=${atOnce} setAtOnce=${setAtOnce} />
          <div class="hy-row">
            <${Button} label=${t("tests.run_all")} look="primary" icon="play" id="run-all" disabled=${!running.over}
              onClick=${() => begin([])} />
            ${failing.length > 0 && failing.length < suite.cases.length &&
              html`
                <${Button} label=${t("tests.run_failing", { n: failing.length })} id="run-failing"
                  disabled=${!running.over} onClick=${() => begin(failing)} />
              `}
          </div>
        `}
        ${running.now && !running.over && html`<${Progress} running=${running} may=${opened.may.run} />`}
        ${running.now?.trouble &&
          html`<${Callout} tone="bad" title=${t("tests.trouble")} detail=${say(running.now.trouble)} />`}
        <${History} work=${work} chosen=${chosen} choose=${choose} />
      </div>
      </${Card}>
  `;
}

/** On which versions and models; two stand side by side. */
function Sides({ sides, change, opened, atOnce, setAtOnce }) {
  const versions = [["draft", t("tests.draft")], ...opened.versions.map((one) => [one.key, versionName(one)])];
  const side = (one, i) =>
    html`
      <div class="hy-row hy-test-side" key=${i}>
        <${Select} id="side-version-${i}" value=${one.version} options=${versions} aria-label=${t("tests.version")}
          onChange=${(version) => change(sides.with(i, { ...one, version }))} />
        <${Input} id="side-model-${i}" value=${one.model} list="models-known" placeholder=${t("tests.model.own")}
          aria-label=${t("tests.model")} onChange=${(model) =>
            change(sides.with(i, { ...one, model: model.trim() }))} />
        ${sides.length > 1 &&
          html`
            <${Button} icon="close" look="quiet icon" title=${t("common.remove")} onClick=${() =>
              change(sides.toSpliced(i, 1))} />
          `}
      </div>
    `;
  return html`
    <div class="hy-stack tight">
          <span class="label"><b>${t("tests.on")}</b></span>
          ${sides.map(side)}
          <div class="hy-row">
            ${sides.length < MOST &&
              html`
                <${Button} label=${t("tests.compare")} icon="plus" look="quiet" id="compare" onClick=${() =>
                  change([...sides, { ...DRAFT }])} />
              `}
    <label class="hy-row"><span>${t("tests.at_once")}</span>
              <${Select} id="at-once" value=${atOnce} options=${AT_ONCE.map((n) => [String(n), String(n)])}
                onChange=${setAtOnce} /></label>
          </div>
        </div>
  `;
}

function Progress({ running: { now, cancel }, may }) {
  return html`
    <div class="hy-row" role="status">
      <progress class="hy-test-bar" max=${now.all} value=${now.done} aria-label=${t("tests.running")}></progress>
      <span>${t("tests.progress", { done: now.done, all: now.all })}</span>
      ${may && html`<${Button} label=${t("common.cancel")} id="cancel-tests" onClick=${cancel} />`}
    </div>
  `;
}

/** What the runs came to, one of which is chosen. */
function History({ work: { opened, running }, chosen, choose }) {
  const all = groups(opened.runs);
  if (!all.length && running.over) return null;
  const sides = shownRuns(opened.runs, running.now, chosen);
  const name = ({ of, sides: [first] }) => [of, moment(first.at)];
  return html`
    <div class="hy-stack tight">
      ${running.over && all.length > 1 && html`
        <${Field} id="run" label=${t("tests.run")}>
          <${Select} id="run" value=${chosen} options=${[["", t("tests.run.newest")], ...all.map(name)]}
            onChange=${choose} />
          </${Field}>
      `}
      <div class="hy-test-scroll" tabindex="0"><table class="hy-test-sums" data-testid="sums">
        <thead><tr><th>${t("tests.on")}</th><th>${t("tests.passed")}</th><th>${t("tests.changes")}</th><th>${t(
          "tests.seconds",
        )}</th><th>${t("tests.cost")}</th></tr></thead>
        <tbody>${sides.map((side, i) => html`<${Sum} key=${i} side=${side} versions=${opened.versions} />`)}</tbody>
      </table></div>
    </div>
  `;
}

function Sum({ side, versions }) {
  const { passed, all, seconds, yuan } = figures(side);
  const ended = Object.values(side.cases);
  const turned = (was, ok) => ended.filter((one) => one.was === was && one.ok === ok).length;
  const [worse, better] = [turned(true, false), turned(false, true)];
  return html`
    <tr>
      <td>${sideName(side, versions)} ${side.cancelled &&
        html`<${Pill} tone="warn">${t("tests.cancelled")}</${Pill}>`}</td>
      <td>
        <${Pill} tone=${all === 0 ? "" : passed === all ? "ok" : "bad"}>${passed} / ${all}</${Pill}></td>
        <td>${worse > 0 && html`<${Pill} tone="bad">${t("tests.worse", { n: worse })}</${Pill}>`} ${better > 0 &&
          html`<${Pill} tone="ok">${t("tests.better", { n: better })}</${Pill}>`}${worse + better === 0 && "–"}</td>
        <td>${seconds.toFixed(1)}</td>
        <td>${price(yuan)}</td>
      </tr>
  `;
}
