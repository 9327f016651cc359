// What was taken away, and a button that has it back: the same one wherever something can be deleted.

import { told } from "./server.js";
import { say, t } from "./texts.js";
import { toast } from "./toast.js";

const LEFT = "hongyan:gone";

/** Say what went; `back()` has it back. It is offered for as long as the sentence stays. */
export const undoable = (sentence, back) => toast(sentence, { action: { label: t("common.undo"), run: back } });

/** Take it away; `again(value)` draws what is there by now, also once it is back. Returns as `told` does. */
export async function gone(call, action, args, again, more = {}) {
  const answer = await call(action, args, more);
  const value = saidOf(call, answer, again, more);
  if (value) await again(value);
  return value;
}

/** Show what an action said that may have taken something away. */
export function saidOf(call, answer, again, more = {}) {
  const { undo } = answer;
  if (!answer.ok || !undo) return told(answer);
  undoable(say(answer.text), async () => {
    const back = told(await call(undo.action, undo.args, more));
    if (back) await again(back);
  });
  return answer.value ?? true;
}

/** Take away what the page itself is about, and go where the others are: there it can be had back. */
export async function goneTo(page, call, action, args) {
  const answer = await call(action, args);
  if (!told({ ...answer, text: answer.ok ? null : answer.text })) return;
  sessionStorage.setItem(LEFT, JSON.stringify({ page, answer }));
  location.assign(page);
}

/** What was taken away on the page before, offered on `page`. */
export function leftBy(page, call, again) {
  const left = JSON.parse(sessionStorage.getItem(LEFT) ?? "null");
  if (left?.page !== page) return;
  sessionStorage.removeItem(LEFT);
  saidOf(call, left.answer, again);
}
