// What a version is called: when it was kept, as what it was published, and its note.

import { moment, say, t } from "../common/texts.js";

export const versionTitle = (one) =>
  [moment(one.at), one.kind === "published" && publishedAs(one), one.note].filter(Boolean).join(" · ");

/** Its number, and where it was published. */
export const publishedAs = ({ number, where }) => t("history.published", { number, where: say(where) });
