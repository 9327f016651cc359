// Publishing what is entered, and what became of it where the answer got lost.

import { whenBack } from "../common/connection.js";
import { confirmed } from "../common/dialog.js";
import { t } from "../common/texts.js";

/** The answer; null where another agent keeps the account for itself. */
export async function wentLive({ call, agent, channel, publication, entered }) {
  const args = { agent, channel: channel.name, given: filled(entered), publication: publication?.id || "" };
  const answer = await call("go_live", args);
  if (answer.ok || answer.field !== "also") return answer; // another agent answers on that account
  const both = await confirmed(t("connect.also.title"), t("connect.also.hint"), t("connect.also"));
  return both ? await call("go_live", { ...args, also: true }) : null;
}

/** Once the server is back: "" where it was done all the same, else what to do. */
export async function became(context) {
  await whenBack();
  const { value } = await context.again();
  if (!value?.publications.some((one) => isNew(context, one))) return t("connect.not_done");
  context.forget();
  return "";
}

/** It was not there before, or not in that version. */
function isNew({ channel, publication, seen }, { id, version, channel: place }) {
  if (publication) return id === publication.id && version !== publication.version;
  return place === channel.name && !seen.publications.some((one) => one.id === id);
}

/** What was filled in; an empty secret keeps the stored one. */
const filled = (values) =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== "" && value !== null && value !== undefined),
  );
