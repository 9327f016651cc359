// The check-up of a connection: each step as it is looked at, the one that fails first, and what a code means.

import { html, useEffect, useState } from "preact";
import { CopyField } from "../common/copy.js";
import { Button, Callout, Card, Icon, More } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { told } from "../common/server.js";
import { clock, say, t } from "../common/texts.js";

const EVERY = 400; // ms between two looks at one that runs
const LOOKS = { ok: "check", warn: "info", bad: "warning", none: "minus", wait: "clock" };

export function Checkup({ call, publication }) {
  const [seen, setSeen] = useState(null);
  useFindings(call, publication.id, seen, setSeen);
  const begin = async () => setSeen(told(await call("begin", { publication: publication.id })));
  const running = seen && !seen.over;
  const label = t(running ? "checkup.running" : seen ? "checkup.again" : "checkup.begin");
  const stop = () => call("stop", { publication: publication.id });
  const button = html`
    <div class="hy-row">
      ${running && html`<${Button} label=${t("working.stop")} id="stop-checkup" onClick=${stop} />`}
      <${Button} label=${label} icon="refresh" id="begin-checkup" disabled=${running} onClick=${begin} />
    </div>
  `;
  return html`
    <${Card} title=${t("checkup.title")} hint=${t("checkup.hint")} aside=${button} data-testid="checkup">
      <div class="hy-stack">
        <div aria-live="polite" data-testid="checkup-result">${seen?.over && html`<${Result} ...${seen} />`}</div>
        ${seen && html`<${Others} ...${seen} />`}
        <${Explain} call=${call} publication=${publication} />
      </div>
      </${Card}>
  `;
}

/** What was found by now: once at first, then for as long as one runs. */
function useFindings(call, publication, seen, setSeen) {
  const running = seen && !seen.over;
  useEffect(() => {
    let over = false;
    let timer = 0;
    const look = async () => {
      const answer = await call("look", { publication }, { quiet: true });
      if (over) return;
      if (answer.ok && answer.value) setSeen(answer.value);
      if (running) timer = setTimeout(look, EVERY);
    };
    timer = setTimeout(look, running ? EVERY : 0);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [publication, running]);
}

/** The checks of which such a thing was found. */
const those = (planned, found, are) =>
  planned.filter(({ check }) => found.some((one) => one.check === check && are(one)));

/** That all is well, or else what is to be done. */
function Result({ planned, found, at, stopped }) {
  const told = those(planned, found, (one) => say(one.do));
  const detail = told.length ? "" : t("checkup.well.hint", { at: clock(at) });
  return [
    stopped && html`
      <${Callout} key="stopped" tone="warn" title=${t("checkup.stopped", { n: found.length, of: planned.length })} />
    `,
    !stopped && found.every((one) => one.ok !== false) &&
    html`<${Callout} key="well" tone="ok" title=${t("checkup.well")} detail=${detail} />`,
    told.length > 0 && html`<${Findings} key="told" found=${found} of=${told} />`,
  ];
}

/** All of them while it runs; then those that ask for nothing, folded away. */
function Others({ planned, found, over }) {
  if (!over) return html`<${Findings} found=${found} of=${planned} now=${nextIn(planned, found)} />`;
  const rest = those(planned, found, (one) => !say(one.do));
  return html`
    <${More} title=${t("checkup.rest", { n: rest.length })} data-testid="checkup-rest">
      <${Findings} found=${found} of=${rest} />
      </${More}>
  `;
}

/** Some tell nothing, so it is the one behind what was found last. */
const nextIn = (planned, found) => planned.findIndex(({ check }) => check === found.at(-1)?.check) + 1;

/** Those checks, and what was found; the one that is looked at moves. */
function Findings({ of, found, now = -1 }) {
  const line = ({ check, title }, i) =>
    html`
      <${Finding} key=${check} check=${check} title=${title} finding=${found.find((one) => one.check === check)}
        now=${i === now} />
    `;
  return html`<ol class="hy-checks">${of.map(line)}</ol>`;
}

function Finding({ check, title, finding, now }) {
  const look = lookOf(finding);
  const action = finding && say(finding.do);
  return html`
    <li class=${look + (now ? " now" : "")} data-testid="check-${check}">
      <span class="mark"><${Icon} name=${LOOKS[look]} size=${14} /></span>
      <div>
        <b>${say(title)}</b><span class="hy-sr">${t(`checkup.${look}`)}</span>
        ${finding && html`<p>${say(finding.says)}</p>`}
        ${action && html`<p class="do">${action}</p>`}
        ${finding?.copy && (finding.copy.includes("\n")
          ? html`
            <${More} title=${t("checkup.show")}>
              <${CopyField} value=${finding.copy} />
              </${More}>
          `
          : look !== "ok" && html`<${CopyField} value=${finding.copy} id="check-${check}-copy" />`)}
      </div>
    </li>
  `;
}

function lookOf(finding) {
  if (!finding) return "wait";
  if (finding.ok === null) return "none";
  if (!finding.ok) return "bad";
  return say(finding.do) ? "warn" : "ok";
}

/** Codes, request ids and messages, in whatever words they come. */
function Explain({ call, publication }) {
  const [pasted, setPasted] = useState("");
  const [said, setSaid] = useState([]);
  const ask = async () => {
    if (!pasted.trim()) return;
    const found = told(await call("explained", { publication: publication.id, pasted }));
    if (found) setSaid(found);
  };
  return html`
    <${More} title=${t("explain.title")} data-testid="explain">
      <div class="hy-stack">
        <${Field} id="explain-text" label=${t("explain.label")} hint=${t("explain.hint")}>
          <div class="hy-list-row">
            <${Input} id="explain-text" value=${pasted} placeholder="40164" onChange=${setPasted} onEnter=${ask} />
            <${Button} label=${t("explain.go")} id="explain-go" onClick=${ask} />
          </div>
          </${Field}>
          <div class="hy-stack" aria-live="polite" data-testid="explained">
            ${said.map((one, i) => html`<${Callout} key=${i} title=${say(one.says)} detail=${say(one.do)} />`)}
          </div>
          </div>
          </${More}>
  `;
}
