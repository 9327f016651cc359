// The roles: what each allows, changed in a table, with what that does to whom shown before it is saved.

import { html, useEffect, useRef, useState } from "preact";
import { confirmed, open } from "../common/dialog.js";
import { Button, Card } from "../common/elements.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";
import { toast } from "../common/toast.js";
import { undoable } from "../common/undo.js";
import { affected } from "./allowed.js";
import { back, BEGUN, changesOf, make, NONE, on, put, rebased, rename, step, upon, without } from "./edits.js";
import { Matrix } from "./matrix.js";
import { Pending } from "./pending.js";
import { RoleDialog } from "./role_dialog.js";
import { SecondRow } from "./second_row.js";
import { nameOf, some } from "./said.js";

/** Steps that are not saved, upon the roles as they are by now; the browser asks before they are lost. */
function useEdits(roles) {
  const [steps, setSteps] = useState(BEGUN);
  const edits = rebased(steps.now, roles);
  const unsaved = useRef(false);
  unsaved.current = changesOf(roles, edits).length > 0;
  useEffect(() => {
    const over = new AbortController();
    addEventListener("beforeunload", (event) => unsaved.current && event.preventDefault(), over);
    return () => over.abort();
  }, []);
  return { edits, steps, setSteps, change: (next) => setSteps(step({ ...steps, now: edits }, next)) };
}

export function RolesCard({ call, all, again }) {
  const { people, permissions, may } = all;
  const standing = [...all.roles.filter(({ own }) => own), ...all.roles.filter(({ own }) => !own)];
  const { edits, steps, setSteps, change } = useEdits(standing);
  const [wrong, setWrong] = useState(null);
  const would = upon(standing, edits);
  const roles = [...would.filter(({ own }) => own), ...would.filter(({ own }) => !own)];
  const changes = changesOf(standing, edits);
  const add = async (from = null) => {
    const asked = await open(RoleDialog, { roles, from });
    if (!asked) return;
    change(make(edits, asked.id, asked.name, asked.permissions));
    requestAnimationFrame(() => firstBox(asked.id)?.focus()); // whoever goes by keys goes on there
  };
  const save = async () => {
    const failed = await saved(call, changes);
    await again();
    setWrong(failed);
    if (failed) return;
    setSteps(BEGUN);
    undoable(t("roles.saved"), () => undone(call, changes).then(again));
  };
  const entries = entriesOf({ call, again, may, people, add, change, edits, roles });
  const keys = keysOf(steps, setSteps, changes.length > 0, save);
  const mine = permissions.filter((one) => one.mine).map(({ id }) => id);
  const aside = may.roles && html`
    <${Button} label=${t("roles.add")} icon="plus" id="add-role" onClick=${() => void add()} />
  `;
  return html`
    <${Card} title=${t("roles.title")} hint=${t(may.roles ? "roles.hint" : "roles.hint.only")} aside=${aside}
      data-testid="roles" onKeyDown=${keys}>
      <${Matrix} roles=${roles} permissions=${permissions} may=${may} entries=${entries}
        put=${(role, ids, allow) => change(put(edits, role, ids.filter((id) => mine.includes(id)), allow))}
        was=${(id) => standing.find((one) => one.id === id)?.permissions ?? []} held=${(id) =>
          holders(people, id).length}>
        ${(chosen) => html`<${SecondRow} call=${call} roles=${roles} may=${may} again=${again} chosen=${chosen} />`}
        </${Matrix}>
        ${changes.length > 0 && html`
          <${Pending} changes=${changes} all=${all} wrong=${wrong} steps=${steps}
            affected=${affected(people, all.roles, would, permissions)} drop=${(id) => change(without(edits, id))}
            dropAll=${() => (setWrong(null), change(NONE))} back=${() => setSteps(back(steps))} on=${() =>
              setSteps(on(steps))} save=${save} />
        `}
      </${Card}>
  `;
}

const firstBox = (
  role,
) => /** @type {HTMLElement} */ (document.querySelector(`.hy-matrix input[data-testid^="may-${role}-"]`));

/** Ctrl+Z and Ctrl+Y go through the steps, Ctrl+S saves. */
const keysOf = (steps, setSteps, isChanged, save) => (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.type === "text") return;
  const way = { z: event.shiftKey ? on : back, y: on, s: null }[event.key.toLowerCase()];
  if (way === undefined || (!isChanged && !steps.future.length)) return;
  event.preventDefault();
  if (way) setSteps(way(steps));
  else if (isChanged) void save();
};

const holders = (people, id) =>
  people.filter(({ roles, mapped }) => [...roles, ...mapped].some(({ role }) => role === id));

/** One after the other; what the first that is not taken says, or null. */
async function saved(call, changes) {
  for (const { was, now } of changes) {
    const { id, permissions } = now;
    const before = { before: was?.permissions ?? [], was: was ? say(was.name) : "" };
    const answer = await call("save_role", { id, name: say(now.name), permissions, ...before });
    if (!answer.ok) return { ...answer, role: now };
  }
  return null;
}

async function undone(call, changes) {
  const old = changes.filter(({ was }) => was).map(({ was, now }) => ({ was: now, now: was }));
  const failed = await saved(call, old);
  if (failed) return told(failed);
  for (const { now } of changes.filter(({ was }) => !was)) {
    const answer = await call("remove_role", { id: now.id });
    if (!answer.ok) return told(answer);
  }
  toast(t("roles.undone"));
}

/** What can be done to a whole role, in the menu at its head. */
const entriesOf = ({ call, again, may, people, add, change, edits, roles }) => (role) => {
  if (!may.roles || !role.may_give) return [];
  const held = holders(people, role.id);
  const naming = async () => {
    const asked = await open(RoleDialog, { roles, role });
    if (asked) change(rename(edits, role.id, asked.name));
  };
  const remove = async () => {
    if (role.isNew) return change(without(edits, role.id));
    const title = t("roles.remove.title", { name: say(role.name) });
    if (!await confirmed(title, t("roles.remove.hint"), t("common.remove"))) return;
    if (told(await call("remove_role", { id: role.id }))) await again();
  };
  const whose = held.length > 0 && t("roles.in_use", { people: some(held.map(nameOf)) });
  return [
    { title: t("roles.copy"), icon: "copy", testid: `copy-role-${role.id}`, run: () => void add(role) },
    ...(role.own
      ? [
        { title: t("roles.rename"), icon: "pencil", testid: `rename-role-${role.id}`, run: () => void naming() },
        {
          title: t("common.remove"),
          hint: whose || "",
          icon: "trash",
          disabled: held.length > 0,
          testid: `remove-role-${role.id}`,
          run: () => void remove(),
        },
      ]
      : []),
  ];
};
