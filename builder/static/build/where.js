// Where in an agent a path such as "flow.1.cases.0.when" leads.

import { say, t } from "../common/texts.js";

/** In the words of the page: a block's name, which `named(block)` tells, or a setting's. */
export function placeOf(field, data, schema, named) {
  const block = blockAt(data, field);
  if (block) return named(block);
  const [name] = field.split(".");
  const property = schema.properties[name];
  const section = t(`settings.${name}`);
  if (section !== `settings.${name}`) return section;
  return say(property?.labels) || field;
}

/** The innermost block on the way to `field`, e.g. "flow.1.cases.0.flow.2.text". */
export function blockAt(data, field) {
  let found = null;
  let here = data;
  for (const key of field.split(".")) {
    here = here?.[key];
    if (
      here && typeof here === "object" && typeof here.type === "string" && typeof here.id === "string" &&
      key.match(/^\d+$/) && !found?.tools?.includes(here)
    ) found = here;
  }
  return found;
}

/** What the editor of one flow knows of the others: names that are taken, and what a start sees besides. */
export function flowsAround({ flow = [], starts = [] }, begun, { reserved, always, begun: seen }) {
  const others = [...(begun < 0 ? [] : [flow]), ...starts.filter((_, i) => i !== begun).map((start) => start.flow)];
  const ids = [...JSON.stringify(others).matchAll(/"id":"(\w+)"/g)].map(([, id]) => id);
  const names = starts.length ? [...reserved, "event"] : reserved;
  if (begun < 0) return { reserved: [...names, ...ids], always };
  const own = Object.entries(seen[starts[begun].on] ?? {});
  return { reserved: [...names, ...ids], always: { ...Object.fromEntries(own), ...always } };
}

/** Every block in a value, wherever it stands. */
export function* blocksIn(value) {
  if (!value || typeof value !== "object") return;
  if (typeof value.type === "string" && typeof value.id === "string") yield value;
  for (const inner of Object.values(value)) yield* blocksIn(inner);
}

/** What the agent's settings give names to, for the flow. */
export function namesIn({ variables = [], person = [], shared = [] }) {
  const own = person.map((one) => ({ ...one, name: `person.${one.name}` }));
  const named = [...variables.filter((one) => one.name), ...own];
  return {
    variables: named.map(({ name, title }) => ({ name, title: title || name })),
    shared: shared.map(({ name, title }) => ({ value: name, title: title || name })),
  };
}
