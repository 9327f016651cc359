// Mending a problem whose fix is certain: one step of undo, saved like any other edit.

import { told } from "../common/server.js";
import { t } from "../common/texts.js";
import { undoable } from "../common/undo.js";

/** Whether it is mended. What is left to correct is known when it is saved. */
export async function fixOf(work, { field, fix }) {
  work.editor.flush();
  const before = work.autosave.data;
  const after = told(await work.call("fix", { data: before, field, code: fix.code }));
  if (!after) return false;
  const begun = work.begun;
  const other = (data) => JSON.stringify({ ...data, flow: null });
  if (begun < 0 && other(before) === other(after)) work.editor.become(after.flow, "fix");
  else await work.become(after);
  work.editor.flush();
  await work.autosave.save();
  const undo = () => work.become(before).then(() => work.autosave.save());
  undoable(t("build.fixed"), undo);
  return true;
}
