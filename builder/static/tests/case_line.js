// One case in the table: what is said, how it ended on each side, what can be done with it.

import { html, useState } from "preact";
import { Button, Pill } from "../common/elements.js";
import { MenuButton } from "../common/menu.js";
import { Line } from "../common/table.js";
import { t } from "../common/texts.js";
import { Outcome } from "./outcome.js";
import { price, sideName } from "./sides.js";
import { nameOf } from "./suite.js";

export function CaseLine({ work, one, sides }) {
  const { opened, running, suite } = work;
  const [chosen, setOpen] = useState(null);
  const open = chosen ?? isLone(one, sides);
  const ended = sides.filter((side) => side.cases[one.id]);
  const run = opened.may.run &&
    html`
      <${Button} icon="play" look="quiet icon" title=${t("tests.run_one", { name: nameOf(one) })} id="run-${one.id}"
        disabled=${!running.over} onClick=${() => work.runOne(one.id)} />
    `;
  const edit = opened.may.edit && [
    html`<${Button} label=${t("common.edit")} id="edit-${one.id}" onClick=${() => void suite.edit(one)} />`,
    html`<${MenuButton} title=${t("tests.more")} entries=${entries(suite, one)} id="more-${one.id}" />`,
  ];
  const look = ended.length > 0 && !ended.some((side) => side.runs) &&
    html`
      <${Button} label=${t(open ? "tests.hide" : "tests.look")} id="look-${one.id}" aria-expanded=${String(open)}
        onClick=${() => setOpen(!open)} />
    `;
  const below = open && ended.length > 0 && html`
    <div class="hy-line-result hy-stack">${ended.map((side) =>
      html`<${Outcome} key=${side.at} work=${work} one=${one} side=${side} alone=${sides.length < 2} />`
    )}</div>
  `;
  return html`
    <${Line} id="case-${one.id}" actions=${[look, run, edit]} below=${below}>
      <h3>${nameOf(one)}</h3>
      <p class="faint">${t("tests.says", { n: one.lines.length, m: checks(one) })}</p>
      <div class="hy-row">${sides.map((side, i) =>
        html`<${How} key=${i} side=${side} one=${one} opened=${opened} alone=${sides.length < 2} />`
      )}</div>
      </${Line}>
  `;
}

/** Whether it is all that fails: then how, nobody has to ask. */
function isLone(one, sides) {
  if (sides.length !== 1 || sides[0].runs) return false;
  const failed = Object.entries(sides[0].cases).filter(([, { ok }]) => !ok);
  return failed.length === 1 && failed[0][0] === one.id;
}

const checks = (one) => one.lines.reduce((all, { checks: some = [] }) => all + some.length, 0);

/** How it ended on that side. */
function How({ side, one, opened, alone }) {
  const found = side.cases[one.id];
  const named = alone ? "" : `${sideName(side, opened.versions)}: `;
  if (!found) {
    const waits = side.runs && side.wanted.includes(one.id);
    return html`<span class="faint">${named}${t(waits ? "tests.waits" : "tests.not_run")}</span>`;
  }
  const stale = (found.current ?? side.current) === false && side.version === "draft";
  return html`<span class="hy-row">
    ${named && html`<span class="faint">${named}</span>`}
    <${Pill} tone=${found.ok ? "ok" : "bad"}>${t(found.ok ? "tests.passes" : "tests.fails")}</${Pill}>
    ${
    found.was === !found.ok &&
    html`<${Pill} tone=${found.ok ? "ok" : "warn"}>${
      t(found.ok ? "tests.newly_passes" : "tests.newly_fails")
    }</${Pill}>`
  }
    ${found.was === found.ok && found.differs && html`<${Pill}>${t("tests.differs")}</${Pill}>`}
    ${stale && html`<${Pill} tone="warn">${t("tests.stale")}</${Pill}>`}
    <span class="faint">${found.seconds.toFixed(1)} s · ${price(found.yuan)}</span>
  </span>`;
}

function entries(suite, one) {
  const place = suite.cases.indexOf(one);
  const entry = (id, icon, run, more = {}) => ({ title: t(`tests.${id}`), icon, testid: `case-${id}`, run, ...more });
  return [
    entry("duplicate", "copy", () => void suite.duplicate(one)),
    entry("up", "up", () => void suite.move(one, -1), { disabled: place === 0 }),
    entry("down", "down", () => void suite.move(one, 1), { disabled: place === suite.cases.length - 1 }),
    entry("delete", "trash", () => void suite.remove(one), { danger: true }),
  ];
}
