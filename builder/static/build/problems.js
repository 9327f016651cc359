// What is to be corrected in an agent: one button, a list, and the way to the block and the field.

import { html, useState } from "preact";
import { Dialog, open } from "../common/dialog.js";
import { Button, Icon, Pill } from "../common/elements.js";
import { begun, say, t } from "../common/texts.js";
import { fixOf } from "./fixing.js";
import { blockAt } from "./where.js";

/** The button that tells how many there are; nothing when there are none. */
export function Alarm({ work }) {
  const { problems } = work;
  if (!problems.length) return null;
  const errors = problems.some(({ level }) => level === "error");
  return html`
    <${Button} label=${t("build.problems", { n: problems.length })} icon="warning"
      look=${errors ? "alarm bad" : "alarm"} id="problems" onClick=${() => void showProblems(work)} />
  `;
}

export async function showProblems(work) {
  const problem = await open(Problems, { work });
  if (problem) await jump(work, problem);
}

/** Closes with the one that was chosen. */
function Problems({ work, close }) {
  const [, redraw] = useState(0);
  const mend = async (problem) => {
    if (await fixOf(work, problem)) work.problems.length ? redraw((n) => n + 1) : close();
  };
  const entry = (problem, i) =>
    html`
      <div key=${i} class="hy-problem-row">
        <${Problem} problem=${problem} place=${work.place(problem.field)} testid="problem"
          onClick=${() => close(problem)}>
          <${Pill} tone=${problem.level === "error" ? "bad" : "warn"}>${t(`level.${problem.level}`)}</${Pill}>
            </${Problem}>
            ${problem.fix && !work.autosave.looksOnly && html`
              <${Button} label=${say(problem.fix.title)} icon="check" id="fix" onClick=${() => mend(problem)} />
            `}
      </div>
    `;
  return html`
    <${Dialog} title=${t("build.problems.title")} close=${close} id="problems-dialog">
      <div class="hy-stack tight">${work.problems.map(entry)}</div>
      </${Dialog}>
  `;
}

/** One, as a button that leads to it. */
export function Problem({ problem, place, onClick, testid = undefined, children }) {
  return html`<button type="button" class="hy-problem ${problem.level}" data-testid=${testid} onClick=${onClick}>
    <${Icon} name="warning" /><span><b>${begun(problem.text)}</b><span class="faint">${place}</span></span>${children}
  </button>`;
}

/** To the block or the setting that stands at a path. */
export async function jump(work, { field }) {
  const start = /^starts\.(\d+)\.?/.exec(field);
  if (start || blockAt(work.autosave.data, field)) {
    await work.go("flow");
    await work.beginAt(start ? Number(start[1]) : -1);
    return work.editor.reveal(start ? field.slice(start[0].length) : field);
  }
  const raw = /^(id|format)\b/.test(field);
  return work.go(field.startsWith("flow") ? "flow" : raw ? "json" : "settings");
}
