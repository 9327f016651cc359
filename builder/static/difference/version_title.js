// What a version is called: when it was kept, as what it was published, and its note.

import { moment, t } from "../common/texts.js";

export const versionTitle = (one) =>
  [moment(one.at), one.kind === "published" && t("history.published", one), one.note].filter(Boolean).join(" · ");
