// What begins a flow: messages, or a time, a call, something that a person did. A switch above the flow.

import { html, useLayoutEffect, useState } from "preact";
import { Button } from "../common/elements.js";
import { Form } from "../common/form.js";
import { openMenu } from "../common/menu.js";
import { Segments } from "../common/segments.js";
import { lang, say, t } from "../common/texts.js";
import { undoable } from "../common/undo.js";
import { Often } from "./often.js";

const ICONS = { schedule: "clock", webhook: "link", event: "flag" };
const NEW = { schedule: { cron: "0 9 * * 1" }, webhook: {}, event: { event: "followed" } };

export function Starts({ work }) {
  const { starts } = work;
  const { looksOnly } = work.autosave;
  const chosen = starts[work.begun];
  const add = (event) =>
    openMenu(
      event.currentTarget,
      t("starts.add"),
      Object.keys(NEW).map((on) => ({
        title: t(`starts.${on}`),
        hint: t(`starts.${on}.hint`),
        icon: ICONS[on],
        testid: `start-${on}`,
        run: () => work.addStart({ on, id: freshId(starts, on), ...NEW[on], flow: [] }),
      })),
    );
  const options = [
    { id: -1, label: t("starts.messages"), testid: "start-messages" },
    ...starts.map((start, i) => ({ id: i, label: titleOf(start), testid: `start-at-${i}` })),
  ];
  if (looksOnly && !starts.length) return null;
  return html`
    <div class="hy-starts">
      ${starts.length > 0 &&
        html`
          <${Segments} label=${t("starts.title")} options=${options} chosen=${work.begun}
            onChoose=${(i) => work.beginAt(i)} />
        `}
      ${!looksOnly && html`
        <${Button} label=${t("starts.add")} icon="plus" look="quiet" id="add-start" onClick=${add} />
      `}
    </div>
    ${chosen && html`<${Start} key=${`${work.epoch} ${chosen.id}`} work=${work} start=${chosen} />`}
  `;
}

export const titleOf = (start) => start.title || t(`starts.${start.on}`);

/** A name that no start and no other has. */
function freshId(starts, on) {
  let n = 1;
  while (starts.some(({ id }) => id === `${on}_${n}`)) n++;
  return `${on}_${n}`;
}

function Start({ work, start }) {
  const [open, setOpen] = useState(!start.flow?.length); // what is new is filled in first
  const { looksOnly } = work.autosave;
  const at = `starts.${work.begun}.`;
  const wrong = Object.fromEntries(
    work.problems.filter(({ field, level }) => level === "error" && field.startsWith(at))
      .map(({ field, text }) => [field.slice(at.length).split(".")[0], say(text)]),
  );
  const remove = async () => {
    const place = work.begun;
    await work.removeStart();
    undoable(t("starts.removed", { name: titleOf(start) }), () => work.addStart(start, place));
  };
  return html`
    <details class="hy-start" open=${open} data-testid="start-form"
      onToggle=${(event) => setOpen(event.currentTarget.open)}>
      <summary><b>${titleOf(start)}</b> <code>${start.id}</code> <${Due} work=${work} start=${start} /></summary>
      <fieldset class="hy-build-stage" disabled=${looksOnly}>
        ${start.on === "schedule" &&
          html`<${Often} cron=${start.cron ?? ""} change=${(cron) => work.changeStart({ ...start, cron })} />`}
        <${Form} schema=${work.opened.starts[start.on]} values=${start} wrong=${wrong} columns
          onChange=${(values) => work.changeStart(values)} />
        <datalist id="publications-known">${work.offered?.publications.map(({ value, title }) =>
          html`<option value=${value}>${title}</option>`
        )}</datalist>
        <p class="faint">${t(`starts.${start.on}.about`)}</p>
        ${!looksOnly && html`
          <div>
            <${Button} label=${t("common.remove")} look="danger" id="remove-start" onClick=${remove} />
          </div>
        `}
      </fieldset>
    </details>
  `;
}

/** In the agent's own time zone, as the schedule is. */
function shown(at, timeZone) {
  /** @type {Intl.DateTimeFormatOptions} */
  const parts = { timeZone, weekday: "short", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" };
  return new Date(at * 1000).toLocaleString(lang, { ...parts, hourCycle: "h23" });
}

/** When it runs next, as the server reckons it. */
function Due({ work, start }) {
  const [due, setDue] = useState(null);
  const { timezone = "Asia/Shanghai" } = work.autosave.data;
  useLayoutEffect(() => {
    if (start.on !== "schedule") return;
    const timer = setTimeout(async () => {
      const answer = await work.call("due", { cron: start.cron ?? "", timezone }, { quiet: true });
      setDue(answer.ok ? answer.value : null);
    }, 300);
    return () => clearTimeout(timer);
  }, [start.cron, timezone]);
  if (!due?.times.length) return null;
  return html`<span class="faint" data-testid="start-due">${t("starts.due")} ${
    due.times.map((at) => shown(at, timezone)).join(" · ")
  }</span>`;
}
