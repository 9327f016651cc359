// What roles allow somebody, counted as the server counts it (runtime/access/roles.py), so that it is shown before
// anything is saved. Given roles are [{role, agents}], with `agents` null for everything.

/** By permission's id: null for everything, or the agents. */
export function allowedBy(given, { roles, permissions }) {
  const ofAgents = new Set(permissions.filter((one) => one.of_agents).map(({ id }) => id));
  const found = {};
  const add = (id, agents) => {
    if (!agents) found[id] = null;
    else if (ofAgents.has(id) && found[id] !== null) found[id] = [...new Set([...(found[id] ?? []), ...agents])].sort();
  };
  for (const { role, agents } of given) {
    for (const id of roles.find((one) => one.id === role)?.permissions ?? []) add(id, agents);
  }
  return found;
}

/** By which of the given roles. */
export const whyOf = (id, given, { roles, permissions }) => {
  const ofAgents = permissions.find((one) => one.id === id)?.of_agents;
  return given.filter(({ role, agents }) =>
    (!agents || ofAgents) && roles.find((one) => one.id === role)?.permissions.includes(id)
  );
};

/** What comes and what goes: [{id, where, but}]; `but`: agents on which it stays, though it goes everywhere else. */
export const difference = (before, after) => ({ come: more(before, after), gone: more(after, before, true) });

function more(than, of, goes = false) {
  return Object.entries(of).flatMap(([id, where]) => {
    const other = than[id];
    if (other === null) return [];
    if (where === null) return [{ id, where, but: (goes && other) || [] }];
    const left = where.filter((agent) => !other?.includes(agent));
    return left.length ? [{ id, where: left, but: [] }] : [];
  });
}

/** The same ids together, by where they count: [{where, ids}], everything first. */
export function byPlace(allowed) {
  const places = new Map();
  for (const [id, where] of Object.entries(allowed)) {
    const key = JSON.stringify(where);
    places.set(key, [...(places.get(key) ?? []), id]);
  }
  const found = [...places].map(([key, ids]) => ({ where: JSON.parse(key), ids }));
  return [...found.filter(({ where }) => !where), ...found.filter(({ where }) => where)];
}

/** Mine upon what somebody else made of it meanwhile: given roles that I left alone are as they are by now. */
export function merged(before, mine, now) {
  const of = (list, role) => JSON.stringify(list.find((one) => one.role === role) ?? null);
  const touched = (role) => of(before, role) !== of(mine, role);
  return [...now.filter(({ role }) => !touched(role)), ...mine.filter(({ role }) => touched(role))];
}

/** Whose permissions change where roles do: [{one, come, gone}]. */
export const affected = (people, before, after, permissions) =>
  people.flatMap((one) => {
    const given = [...one.roles, ...one.mapped];
    const { come, gone } = difference(
      allowedBy(given, { roles: before, permissions }),
      allowedBy(given, { roles: after, permissions }),
    );
    return come.length || gone.length ? [{ one, come, gone }] : [];
  });
