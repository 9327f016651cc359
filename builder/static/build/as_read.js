// What says again what it said when the agent was opened is just that: defaults that somebody wrote out stay written. Pure.

/** `part` of an agent with its settings as they were `opened` where they say the same; `schema`: the agent's. */
export function asRead(schema, opened, part) {
  const back = ([name, value]) => {
    const isThere = Object.hasOwn(opened, name) && Object.hasOwn(schema.properties, name);
    return [name, isThere && alike(schema, schema.properties[name], value, opened[name]) ? opened[name] : value];
  };
  return Object.fromEntries(Object.entries(part).map(back));
}

function alike(schema, own, one, other) {
  const { default: usual, items = {}, ...rest } = own ?? {};
  const [a, b] = [one ?? usual, other ?? usual];
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => alike(schema, items, item, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return JSON.stringify(a) === JSON.stringify(b);
  const { $ref = "" } = rest.allOf?.[0] ?? rest;
  const { properties = {} } = schema.$defs?.[$ref.split("/").pop()] ?? rest;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => alike(schema, properties[name], a[name], b[name]));
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
