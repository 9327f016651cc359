// How what somebody has and may is called.

import { listed, say, t } from "../common/texts.js";

/** A role that somebody has, with the agents that it is given on. */
export function roleOf(given, { roles, agents }) {
  const role = roles.find(({ id }) => id === given.role);
  const name = role ? say(role.name) : given.role;
  return given.agents ? t("people.role_on", { role: name, agents: agentsOf(given.agents, agents) }) : name;
}

const SHOWN = 3; // agents or people that are named one by one

/** Agents by name; of many, the first and how many more. */
export const agentsOf = (ids, agents) => some(ids.map((id) => agents.find((one) => one.id === id)?.name ?? id));

/** Names, of many the first and how many more there are. */
export const some = (names) =>
  names.length <= SHOWN + 1
    ? listed(names)
    : t("people.and_more", { names: listed(names.slice(0, SHOWN)), n: names.length - SHOWN });

/** What one change of what somebody may is. */
export function changeOf({ id, where, but }, { permissions, agents }) {
  const { words, of_agents: ofAgents } = permissions.find((one) => one.id === id);
  if (where) return t("people.on_these", { may: say(words), agents: agentsOf(where, agents) });
  if (but.length) return t("people.but_these", { may: say(words), agents: agentsOf(but, agents) });
  return ofAgents ? t("people.on_all", { may: say(words) }) : say(words);
}

export const nameOf = (one) => one.name || one.id;
