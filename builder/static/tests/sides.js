// Runs as columns: what was run together stands side by side.

import { listed, moment, money, say, t, YUAN_PER_DOLLAR } from "../common/texts.js";

/** The runs that were begun together, the newest first: [{of, sides}]. */
export function groups(runs) {
  const found = new Map();
  for (const run of runs) {
    const of = String(run.of ?? run.at);
    found.set(of, [...(found.get(of) ?? []), run]);
  }
  return [...found].map(([of, sides]) => ({ of, sides: sides.toSorted((one, other) => one.at - other.at) }));
}

/** The columns to show: of what runs now, else of the chosen run; alone, each case with the newest that it has. */
export function shownRuns(runs, running, chosen) {
  if (running && !running.over) return running.sides.map((side) => ({ ...side, runs: true, wanted: running.cases }));
  const all = groups(runs);
  const group = all.find(({ of }) => of === chosen) ?? all[0];
  if (!group) return [];
  if (chosen || group.sides.length > 1) return group.sides;
  const [newest] = group.sides;
  const cases = {};
  for (const run of runs.filter((one) => one.version === newest.version && one.model === newest.model).toReversed()) {
    for (const [id, one] of Object.entries(run.cases)) cases[id] = { ...one, at: run.at, current: run.current };
  }
  return [{ ...newest, cases }];
}

/** What a side is called. */
export function sideName({ version, model }, versions) {
  const found = versions.find(({ key }) => key === version);
  const named = version === "draft" ? t("tests.draft") : found ? versionName(found) : t("tests.version.gone");
  return model ? listed([named, model]) : named;
}

export const versionName = ({ kind, number, where, note, at }) =>
  kind === "published" ? t("tests.version.published", { number, where: say(where) }) : note || moment(at);

/** {passed, all, seconds, yuan} of a side; `yuan` is null where a price is unknown. */
export function figures(side) {
  const ended = Object.values(side.cases);
  const sum = (name) => ended.reduce((total, one) => total + (one[name] ?? 0), 0);
  const known = ended.every(({ yuan }) => yuan !== null);
  return {
    passed: ended.filter(({ ok }) => ok).length,
    all: ended.length,
    seconds: sum("seconds"),
    yuan: known ? sum("yuan") : null,
  };
}

export const price = (yuan) => money(yuan === null ? null : yuan / YUAN_PER_DOLLAR);
