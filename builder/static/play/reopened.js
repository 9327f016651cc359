// Which chat a playground opens with: the one that the address names, or the last.

import { href } from "../common/server.js";
import { forgetChat, keptChat, keptPlace } from "./chat_kept.js";
import { change, open, shared } from "./chat_state.js";

/** The chat that this browser showed last; one that only a browser had is the server's from now on. */
export async function reopen(place, id, call) {
  const asked = new URLSearchParams(location.search);
  const { compared } = shared();
  if (asked.get("chat")) {
    history.replaceState(null, "", href("play")); // once: a reload shows where one went on from there
    if (!compared) change({ columns: [] });
    return open(asked.get("chat"), asked.get("turn") ?? "", { kept: false });
  }
  const [before, tip] = shared().chat ? [shared().chat, shared().tip] : keptPlace(place);
  if (before) return open(before, tip, compared ? { kept: false } : {});
  const said = keptChat(place);
  if (said) await takeOver(place, id, call, said);
}

/** It is shown, if nothing was said or opened meanwhile. */
async function takeOver(place, id, call, said) {
  const before = shared().asked;
  const answer = await call("take_over", { id, said }, { quiet: true });
  if (!answer.ok) return;
  forgetChat(place);
  const { asked, chat, runs } = shared();
  if (answer.value && asked === before && !chat && !runs) open(answer.value);
}
