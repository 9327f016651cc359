// For how many days each kind is kept, how much of it there is, and what a run would delete.

import { html, useState } from "preact";
import { confirmed } from "../common/dialog.js";
import { Button, Card, Pill } from "../common/elements.js";
import { Input } from "../common/field.js";
import { told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { ago, moment, say, t } from "../common/texts.js";

export function Kept({ call, value, again }) {
  const [days, setDays] = useState(() => asTyped(value.kinds));
  const [wrong, setWrong] = useState({});
  const goes = value.kinds.reduce((sum, one) => sum + one.goes, 0);
  const save = async () => {
    const filled = Object.entries(days).filter(([, typed]) => typed.trim());
    const answer = await call("save_days", { days: Object.fromEntries(filled.map(([kind, n]) => [kind, Number(n)])) });
    setWrong(answer.ok ? {} : { [answer.field]: say(answer.text) });
    if (answer.ok && told(answer) !== undefined) await again();
  };
  const run = async () => {
    const sure = await confirmed(t("privacy.run.title", { n: goes }), t("privacy.run.hint"), t("privacy.run"));
    if (!sure) return;
    told(await call("run", {}));
    await again();
  };
  const last = value.ran ? t("privacy.ran", { when: moment(value.ran) }) : t("privacy.never_ran");
  return html`
    <${Card} title=${t("privacy.kept")} hint=${t("privacy.kept.hint")} data-testid="kept">
      <div class="hy-stack">
        <${Table}>${value.kinds.map((one) =>
          html`
            <${Kind} key=${one.kind} one=${one} typed=${days[one.kind]} wrong=${wrong[one.kind]}
              type=${(typed) => setDays({ ...days, [one.kind]: typed })} />
          `
        )}${value.fixed.map((one) => html`<${Fixed} key=${one.kind} one=${one} />`)}</${Table}>
        <div class="hy-row">
          ${call.may("save_days") &&
            html`<${Button} label=${t("privacy.save")} look="primary" id="save-days" onClick=${save} />`}
          ${call.may("run") && html`
            <${Button} label=${t("privacy.run.n", { n: goes })} icon="trash" id="run-retention" disabled=${!goes}
              onClick=${run} />
          `}
          <span class="faint">${last}</span>
        </div>
      </div>
    </${Card}>
  `;
}

const asTyped = (kinds) => Object.fromEntries(kinds.map(({ kind, days }) => [kind, days ? String(days) : ""]));

function Kind({ one, typed, wrong, type }) {
  const id = `days-${one.kind}`;
  const old = one.many ? t("privacy.there", { n: one.many, when: ago(one.oldest) }) : t("privacy.none");
  const field = html`
    <label class="hy-days" for=${id}>
      <${Input} id=${id} kind="number" min="1" max="36500" value=${typed} wrong=${wrong} onChange=${type}
        placeholder="∞" aria-label=${t("privacy.days.of", { name: say(one.title) })} />
      <span>${t("privacy.days")}</span>
    </label>
  `;
  return html`
    <${Line} id="kept-${one.kind}" actions=${field}
      below=${wrong && html`<div class="wrong" role="alert">${wrong}</div>`}>
      <div class="hy-row"><b>${say(one.title)}</b>
        ${one.goes > 0 && html`<${Pill} tone="warn">${t("privacy.goes", { n: one.goes })}</${Pill}>`}</div>
      <p class="faint">${old}</p>
      </${Line}>
  `;
}

/** Whose end is not set here. */
function Fixed({ one }) {
  const there = one.many ? t("privacy.there", { n: one.many, when: ago(one.oldest) }) : "";
  const end = one.days ? t("privacy.fixed.days", { n: one.days }) : t(`privacy.fixed.${one.kind}`);
  return html`
    <${Line} id="kept-${one.kind}" actions=${html`<span class="soft">${end}</span>`}>
      <b>${t(`privacy.kind.${one.kind}`)}</b>
      <p class="faint">${there || t(`privacy.kind.${one.kind}.hint`)}</p>
      </${Line}>
  `;
}
