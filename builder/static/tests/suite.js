// The suite as the page has it: each change is saved at once, and can be taken back.

import { useState } from "preact";
import { open } from "../common/dialog.js";
import { told } from "../common/server.js";
import { lang, t } from "../common/texts.js";
import { toast } from "../common/toast.js";
import { undoable } from "../common/undo.js";
import { CaseDialog } from "./case_dialog.js";
import { freeId, meeting, putIn } from "./meeting.js";

/** {cases, gate, standing, save(part), put(case), remove, duplicate, move, edit}; `save` tells whether it is saved. */
export function useSuite(call, id, opened) {
  const [now, setNow] = useState(opened);
  const [seen, setSeen] = useState(opened);
  if (seen !== opened) { // loaded anew
    setSeen(opened);
    setNow(opened);
  }
  const whole = { gate: "warn", cases: [], ...now.suite };
  const keep = async (suite, revision = now.revision) => {
    const answer = await call("save_suite", { id, suite, revision });
    if (answer.ok) setNow(answer.value);
    return answer;
  };
  const save = async (part) => Boolean(told(await keep({ ...whole, ...part })));
  const suite = { cases: whole.cases, gate: whole.gate, standing: now.standing, save };
  const place = (one) => whole.cases.findIndex((other) => other.id === one.id);
  suite.put = async (one) => {
    const answer = await keep(putIn(whole, one));
    if (answer.code !== "Conflict") return answer;
    const there = await call("overview", { id, lang }, { quiet: true });
    const met = there.ok && meeting(whole.cases, one, there.value.suite.cases ?? []);
    if (!met) return answer; // somebody changed the very same one
    if (met.was_deleted) toast(t("tests.back_again"));
    return keep(putIn({ ...whole, ...there.value.suite }, met.one), there.value.revision);
  };
  suite.remove = async (one) => {
    const answer = await keep({ ...whole, cases: whole.cases.toSpliced(place(one), 1) });
    if (!told(answer)) return;
    const back = async () => told(await keep(whole, answer.value.revision));
    undoable(t("tests.deleted", { name: nameOf(one) }), back);
  };
  suite.duplicate = (one) => {
    const copy = { ...one, id: freeId(whole.cases), title: t("tests.copy_of", { name: nameOf(one) }).slice(0, 200) };
    return save({ cases: whole.cases.toSpliced(place(one) + 1, 0, copy) });
  };
  suite.move = (one, by) => {
    const from = place(one);
    const to = Math.max(0, Math.min(whole.cases.length - 1, from + by));
    return save({ cases: whole.cases.toSpliced(from, 1).toSpliced(to, 0, one) });
  };
  suite.edit = (one) => {
    const begun = one ?? { id: freeId(whole.cases), lines: [{ says: "", checks: [] }] };
    return open(CaseDialog, { begun, suite, opened, index: one ? place(one) : whole.cases.length });
  };
  return suite;
}

export const nameOf = (one) => one.title || one.lines[0].says.slice(0, 60) || one.lines[0].files[0];
