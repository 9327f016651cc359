// Changes to roles that are not saved yet: a value that is never changed itself, so that steps are gone back and on.

/** `made`: [{id, name}]; `names`: by role; `cells`: by role, then by permission, whether it is allowed. */
export const NONE = { made: [], names: {}, cells: {} };

/** Roles as they would be. */
export const upon = (roles, { made, names, cells }) =>
  [...roles, ...made.map((one) => fresh(one))].map((role) => {
    const cell = cells[role.id] ?? {};
    const kept = role.permissions.filter((id) => cell[id] !== false);
    const come = Object.keys(cell).filter((id) => cell[id] && !role.permissions.includes(id));
    return { ...role, name: names[role.id] ?? role.name, permissions: [...kept, ...come].sort() };
  });

const named = (name) => ({ zh: name, en: name });
const fresh = ({ id, name }) => ({
  id,
  name: named(name),
  own: true,
  second: false,
  may_give: true,
  permissions: [],
  isNew: true,
});

/** Allow these or not. */
export const put = (edits, role, ids, on) => {
  const cell = { ...edits.cells[role], ...Object.fromEntries(ids.map((id) => [id, on])) };
  return { ...edits, cells: { ...edits.cells, [role]: cell } };
};

/** A role that is not there yet, allowing what another does. */
export const make = (edits, id, name, permissions) =>
  put({ ...edits, made: [...edits.made, { id, name }] }, id, permissions, true);

export function rename(edits, role, name) {
  if (!edits.made.some(({ id }) => id === role)) {
    return { ...edits, names: { ...edits.names, [role]: named(name) } };
  }
  return { ...edits, made: edits.made.map((one) => (one.id === role ? { ...one, name } : one)) };
}

/** One role is as it was, or is not made. */
export function without({ made, names, cells }, role) {
  const but = (of) => Object.fromEntries(Object.entries(of).filter(([id]) => id !== role));
  return { made: made.filter(({ id }) => id !== role), names: but(names), cells: but(cells) };
}

/** What saving would do: [{was, now, come, gone, renamed}]; `was`: null for a new one. */
export function changesOf(roles, edits) {
  const all = new Map(roles.map((role) => [role.id, role]));
  return upon(roles, edits).flatMap((now) => {
    const was = now.isNew ? null : all.get(now.id);
    const before = was?.permissions ?? [];
    const come = now.permissions.filter((id) => !before.includes(id));
    const gone = before.filter((id) => !now.permissions.includes(id));
    const renamed = Boolean(was) && was.name.en !== now.name.en;
    return !was || come.length || gone.length || renamed ? [{ was, now, come, gone, renamed }] : [];
  });
}

/** Without what concerns roles that are gone, and those that were made meanwhile by their own id. */
export function rebased(edits, roles) {
  const standing = new Set(roles.map(({ id }) => id));
  const made = edits.made.filter(({ id }) => !standing.has(id));
  const known = (id) => standing.has(id) || made.some((one) => one.id === id);
  const some = (of) => Object.fromEntries(Object.entries(of).filter(([id]) => known(id)));
  return { made, names: some(edits.names), cells: some(edits.cells) };
}

/** Steps: what was before each, and what was gone back from. */
export const BEGUN = { past: [], now: NONE, future: [] };
export const step = ({ past, now }, next) => ({ past: [...past, now], now: next, future: [] });
export const back = ({ past, now, future }) =>
  past.length ? { past: past.slice(0, -1), now: past.at(-1), future: [now, ...future] } : { past, now, future };
export const on = ({ past, now, future }) =>
  future.length ? { past: [...past, now], now: future[0], future: future.slice(1) } : { past, now, future };
