// What has to be decided before work goes on: somebody else changed the agent; this browser holds unsaved work.

import { button, callout } from "../common/dom.js";
import { left, remove } from "./kept.js";
import { confirmed } from "../common/overlay.js";
import { href, told } from "../common/server.js";
import { ago, say, t } from "../common/texts.js";

/** The agent on disk is another one by now. */
export function conflict(build, reason) {
  const { autosave } = build;
  const reload = async () => {
    if (!(await confirmed(t("build.reload.title"), t("build.reload.hint"), t("build.reload")))) return;
    const value = told(await build.call("reload", { id: build.id }));
    if (value) build.begin(value);
  };
  const overwrite = async () => {
    await autosave.save("overwrite");
    if (!autosave.stopped) build.banner.replaceChildren();
  };
  const copy = async () => {
    const made = told(await build.call("keep_copy", { data: autosave.data }));
    if (made) autosave.begin(autosave), location.assign(href("build", made.id));
  };
  autosave.stopped = true;
  build.banner.replaceChildren(
    callout(
      "warn",
      t("build.conflict.title"),
      say(reason),
      button(t("build.reload"), { id: "conflict-reload", onclick: reload }),
      button(t("build.copy"), { id: "conflict-copy", onclick: copy }),
      button(t("build.overwrite"), { look: "danger", id: "conflict-overwrite", onclick: overwrite }),
    ),
  );
}

/** Offer back what this browser kept and the server never got. */
export function offerLeft(build) {
  const same = (one) =>
    !one.text && JSON.stringify({ ...one.data, id: build.id }) === JSON.stringify(build.autosave.data);
  const all = left(build.id);
  for (const one of all.filter(same)) remove(one.key);
  const [found] = all.filter((one) => !same(one));
  if (!found) return;
  const done = () => (remove(found.key), build.banner.replaceChildren());
  const restore = async () => {
    // From where it was begun: when the agent moved on since, it is a conflict that is asked about.
    build.autosave.replace(found.data, { revision: found.revision, unsure: found.unsure ?? [] });
    done();
    await build.redraw();
    if (found.text) await build.go("json").then(() => build.shown.write(found.text));
    await build.autosave.save();
  };
  const drop = async () => {
    const sure = await confirmed(t("build.left.drop.title"), t("build.left.drop.hint"), t("build.left.drop"));
    if (sure) done(), offerLeft(build);
  };
  build.banner.replaceChildren(
    callout(
      "warn",
      t("build.left.title"),
      t("build.left.hint", { when: ago(found.at) }),
      button(t("build.left.restore"), { look: "primary", id: "left-restore", onclick: restore }),
      button(t("build.left.drop"), { id: "left-drop", onclick: drop }),
    ),
  );
}
