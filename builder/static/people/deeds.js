// What can be done to somebody, in the menu beside them.

import { confirmed, open } from "../common/dialog.js";
import { told } from "../common/server.js";
import { t } from "../common/texts.js";
import { LinkDialog } from "./dialogs.js";
import { EmailDialog } from "./email.js";

/** Entries of a menu. */
export function deedsOf({ call, one, again }) {
  const { id, name } = one;
  const shown = (answer) => told(answer) && again();
  const link = async () => {
    const made = told(await call("new_link", { id }));
    if (made) await open(LinkDialog, { path: made.path });
    await again();
  };
  const remove = async () => {
    const title = t("people.remove.title", { name: name || id });
    if (await confirmed(title, t("people.remove.hint"), t("common.remove"))) {
      await shown(await call("remove_person", { id }));
    }
  };
  const reset = async () => {
    const title = t("people.second.title", { name: name || id });
    if (await confirmed(title, t("people.second.hint"), t("people.second"))) {
      await shown(await call("reset_second", { id }));
    }
  };
  const email = async () => (await open(EmailDialog, { call, one })) && again();
  return [
    { title: t("people.email"), icon: "pencil", testid: "email", run: () => void email() },
    { title: t("people.link"), icon: "key", testid: "new-link", run: () => void link() },
    ...(one.is_me ? [] : [
      {
        title: t(one.enabled ? "people.disable" : "people.enable"),
        icon: one.enabled ? "pause" : "play",
        testid: "let-in",
        run: async () => shown(await call("let_in", { id, enabled: !one.enabled })),
      },
      ...(one.codes || one.passkeys
        ? [{ title: t("people.second"), icon: "refresh", testid: "reset-second", run: () => void reset() }]
        : []),
      { title: t("common.remove"), icon: "trash", testid: "remove-person", run: () => void remove() },
    ]),
  ];
}
