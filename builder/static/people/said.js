// How a role that somebody has is called.

import { listed, say, t } from "../common/texts.js";

/** With the agents that it is given on. */
export function roleOf(given, { roles, agents }) {
  const role = roles.find(({ id }) => id === given.role);
  const name = role ? say(role.name) : given.role;
  if (!given.agents) return name;
  const named = given.agents.map((id) => agents.find((one) => one.id === id)?.name ?? id);
  return t("people.role_on", { role: name, agents: listed(named) });
}
