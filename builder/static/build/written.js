// An agent as somebody would write it by hand: what is usual is left out, except where it stood before.

/** `data`, of which `before` is how it was written; `schema`: the agent's JSON schema. */
export const written = (data, before, schema) => schema ? ofObject(data, before, schema, schema) : data;

const STAYS = ["flow"]; // what an agent does stands in each

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const same = (a, b) => text(a) === text(b);

/** Whatever the order of its fields: a default in the schema stands in another one than its fields. */
const text = (value) =>
  JSON.stringify(value, (_, one) => isObject(one) ? Object.fromEntries(Object.entries(one).sort()) : one);

function ofObject(data, before, kind, root) {
  const was = isObject(before) ? before : {};
  const found = {};
  for (const name of namesOf(data, was)) {
    const property = kind.properties?.[name];
    const value = property ? ofAny(data[name], was[name], property, root) : data[name];
    const leaves = property && !(kind.required ?? []).includes(name) && !STAYS.includes(name) &&
      isUsual(value, property, root) && !(name in was && same(was[name], data[name]));
    if (!leaves) found[name] = value;
  }
  return found;
}

/** Those that it had in their order, then what is new. */
function namesOf(data, was) {
  const known = Object.keys(was).filter((name) => name in data);
  const fits = same(known, Object.keys(data).filter((name) => name in was)); // nothing went and came back
  return fits ? Object.keys(data) : [...known, ...Object.keys(data).filter((name) => !(name in was))];
}

function ofAny(value, before, property, root) {
  const kind = resolved(property, root);
  if (isObject(value) && kind.properties) return ofObject(value, before, kind, root);
  if (!Array.isArray(value) || !kind.items) return value;
  return value.map((one, i) =>
    isObject(one) ? ofObject(one, sameIn(before, one, i), resolved(kind.items, root, one), root) : one
  );
}

/** What an item of a list was: by what names it, else by its place. */
function sameIn(before, one, place) {
  const names = ["id", "name", "words"].filter((key) => one[key] !== undefined);
  if (!Array.isArray(before) || !names.length) return before?.[place];
  return before.find((other) => isObject(other) && names.some((key) => same(one[key], other[key])));
}

/** What would be so without being written. */
function isUsual(value, property, root) {
  if (property.default === undefined) return false;
  if (same(value, property.default)) return true;
  const kind = resolved(property, root);
  return isObject(value) && !Object.keys(value).length && same(defaultsOf(kind, root), property.default);
}

const defaultsOf = (kind, root) =>
  Object.fromEntries(
    Object.entries(kind.properties ?? {}).map(([name, property]) => [
      name,
      property.default ?? (property.$ref ? defaultsOf(resolved(property, root), root) : null),
    ]),
  );

/** What it refers to; of several kinds the one that `value` says it is. */
function resolved(property, root, value = {}) {
  const { mapping, propertyName } = property.discriminator ?? {};
  const open = mapping?.[value[propertyName]] || property.$ref || property.allOf?.[0]?.$ref;
  return open ? root.$defs?.[open.split("/").pop()] ?? property : property;
}
