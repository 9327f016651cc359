// What has to be decided before work goes on: somebody else changed the agent; this browser holds unsaved work.

import { html } from "preact";
import { confirmed } from "../common/dialog.js";
import { DeletedElsewhere } from "../common/deleted_elsewhere.js";
import { Button, Callout } from "../common/elements.js";
import { href, told } from "../common/server.js";
import { ago, say, t } from "../common/texts.js";
import { undoable } from "../common/undo.js";
import { Clashes } from "./clash.js";
import { left, putBack, remove } from "./kept.js";

export function Banner({ work }) {
  if (work.banner?.kind === "conflict") return html`<${Conflict} work=${work} reason=${work.banner.reason} />`;
  if (work.banner?.kind === "clash") {
    return html`
      <${Clashes} work=${work} clashes=${work.banner.clashes}>
        <${Copy} work=${work} />
        </${Clashes}>
    `;
  }
  if (work.banner?.kind === "deleted") {
    return html`
      <${DeletedElsewhere} call=${work.call} kind="agent" id=${work.id} back=${() => goOn(work)}>
        <${Copy} work=${work} />
        </${DeletedElsewhere}>
    `;
  }
  if (work.banner?.kind === "left") return html`<${Left} work=${work} found=${work.banner.found} />`;
  return null;
}

/** It is there again as it was: what was written here since is saved now. */
async function goOn(work) {
  work.banner = null;
  work.autosave.stopped = false;
  work.told({ kind: "opened" });
  await work.autosave.save();
}

function Conflict({ work, reason }) {
  const { autosave, call, id } = work;
  const reload = async () => {
    if (!(await confirmed(t("build.reload.title"), t("build.reload.hint"), t("build.reload")))) return;
    const value = told(await call("reload", { id }));
    if (value) await work.begin(value);
  };
  const overwrite = async () => {
    await autosave.save("overwrite");
    if (!autosave.stopped) work.banner = null, work.draw();
  };
  return html`
    <${Callout} tone="warn" title=${t("build.conflict.title")} detail=${say(reason)}>
      <${Button} label=${t("build.reload")} id="conflict-reload" onClick=${reload} />
      <${Copy} work=${work} />
      <${Button} label=${t("build.overwrite")} look="danger" id="conflict-overwrite" onClick=${overwrite} />
      </${Callout}>
  `;
}

/** An agent of its own, beside the other one. */
function Copy({ work: { autosave, call } }) {
  if (!call.may("keep_copy")) return null;
  const copy = async () => {
    const made = told(await call("keep_copy", { data: autosave.data }));
    if (made) autosave.begin(autosave), location.assign(href("build", made.id));
  };
  return html`<${Button} label=${t("build.copy")} id="conflict-copy" onClick=${copy} />`;
}

/** What this browser kept of the agent `data` and the server never got; what it got by now is forgotten. */
export function leftOf(id, data) {
  const same = (one) => !one.text && JSON.stringify({ ...one.data, id }) === JSON.stringify(data);
  const all = left(id);
  for (const one of all.filter(same)) remove(one.key);
  return all.find((one) => !same(one));
}

function Left({ work, found }) {
  const restore = async () => {
    remove(found.key);
    work.banner = null;
    // From where it was begun: what others did since is put together with it.
    const { base = {}, revision, unsure = [] } = found;
    await work.become(found.data, { base, revision, unsure });
    if (found.text) {
      await work.go("json");
      await work.json.write(found.text);
    }
    await work.autosave.save();
  };
  const drop = () => {
    const { key, ...held } = found;
    remove(key);
    work.offer();
    undoable(t("build.left.dropped"), () => (putBack(key, held), work.offer()));
  };
  const hint = t("build.left.hint", { when: ago(found.at) });
  return html`
    <${Callout} tone="warn" title=${t("build.left.title")} detail=${hint}>
      <${Button} label=${t("build.left.restore")} look="primary" id="left-restore" onClick=${restore} />
      <${Button} label=${t("build.left.drop")} id="left-drop" onClick=${drop} />
      </${Callout}>
  `;
}
