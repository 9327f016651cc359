/** What a setting is worth: changed, or blank. */

import { freshId } from "./tree.js";

const LONGEST_NAME = 32;
const SIMPLE = 5; // settings up to which none is tucked away

/** `object` with one setting changed; what equals its default is left out, as in the file. */
export function withSetting(object, field, value) {
  const { [field.name]: _, ...rest } = object;
  const isBegun = field.widget === "fallback"; // an empty way that somebody is about to fill
  const plain = value === undefined || (!field.required && !isBegun && same(value, field.default));
  if (plain) return rest;
  return field.name in object ? { ...object, [field.name]: value } : { ...rest, [field.name]: value };
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** A block that says again what it said when it was loaded is that one: the file stays as somebody wrote it. */
export function asRead(editor, block) {
  const read = editor.tree.find(editor.read ?? [], block.id)?.block;
  return read && alike(editor, read, block) ? read : block;
}

/** Whether two blocks say the same, in whatever order, with defaults written or not. */
const alike = ({ types, tools }, a, b) =>
  a.type === b.type && same(plain(a, types[a.type]?.fields ?? [], tools), plain(b, types[b.type]?.fields ?? [], tools));

function plain(value, fields, tools) {
  if (Array.isArray(value)) return value.map((one) => plain(one, fields, tools));
  if (!value || typeof value !== "object") return value;
  const known = new Map(fields.map((field) => [field.name, field]));
  const own = (name, inner) => {
    const { widget, fields: below = [] } = known.get(name) ?? {};
    if (widget === "tool") return plain(inner, tools[inner?.type]?.fields ?? [], tools);
    if (widget === "tools" && Array.isArray(inner)) {
      return inner.map((one) => plain(one, tools[one?.type]?.fields ?? [], tools));
    }
    return plain(inner, below, tools);
  };
  const isSaid = ([name, inner]) => {
    const field = known.get(name);
    return inner !== undefined &&
      !(field && !field.required && field.widget !== "fallback" && same(inner, field.default));
  };
  const said = Object.entries(value).filter(isSaid).map(([name, inner]) => [name, own(name, inner)]);
  return Object.fromEntries(said.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The value of a required field nobody filled in yet. */
export function blankOf(field, editor) {
  if (field.widget === "cases") return [{ title: editor.t("case", { n: 1 }), when: "", flow: [] }];
  if (field.widget === "prompt") return { text: "" };
  if (field.widget === "tool") return {}; // chosen in its form
  if (field.type === "array" && field.minItems && field.fields) return [blankItem(field, editor)];
  if (field.choices) return field.choices[0];
  const byType = { array: [], object: {}, boolean: false, integer: field.minimum ?? 0, number: field.minimum ?? 0 };
  return byType[field.type] ?? "";
}

const SAYS_WHAT = ["date", "time", "phone", "email"]; // types whose name is what they most often hold

/** A new item of a list of objects: named apart from the `others`; `type` where it was chosen with it. */
export function blankItem(field, editor, others = [], type = undefined) {
  const item = Object.fromEntries(
    field.fields.filter(({ required }) => required).map((inner) => [inner.name, blankOf(inner, editor)]),
  );
  const kind = field.fields.find(({ name, names }) => name === "type" && names);
  if (item.name === "" && kind) item.name = freshId(type ?? kind.default, others.map(({ name }) => name));
  if (SAYS_WHAT.includes(type)) item.title = editor.say(kind.names[type]);
  return type && type !== kind.default ? { ...item, type } : item;
}

/** What an item with that title is called in templates: the title's first words in letters that may stand there; "" without any. */
export function nameFrom(title, others) {
  const words = /^[ -~]*$/.test(title) ? title.toLowerCase().match(/[a-z0-9]+/g) ?? [] : [];
  const name = words.slice(0, 3).join("_").slice(0, LONGEST_NAME);
  return /^[a-z]/.test(name) ? freshId(name, others) : "";
}

/** Whether a block gives items by name, which are told apart by their kind. */
export const givesNames = (fields) => fields.some(({ name, names }) => name === "type" && names);

/** What people set each time, and what they seldom touch: what says so, and switches, numbers and lists of a long form. */
export function arranged(fields) {
  const plain = ({ required, widget, type }) =>
    !required && (widget === "models" || (widget === "" && ["boolean", "integer", "number"].includes(type)));
  const read = fields.toSorted((a, b) => Number(b.name === "title") - Number(a.name === "title")); // its name in words
  const tucked = (field) => field.seldom || (fields.length > SIMPLE && plain(field));
  return [read.filter((field) => !tucked(field)), read.filter(tucked)];
}

/** Whether a field is of use as the others beside it are set. */
export function isWanted(field, fields, values) {
  if (!field.when) return true;
  const [name, wanted] = field.when;
  const value = values[name] ?? fields.find((other) => other.name === name)?.default;
  return [wanted].flat().includes(value);
}

/** A new tool; its function name differs from those already there. */
export function makeTool(editor, type, names) {
  const required = editor.tools[type].fields.filter((field) => field.required);
  const tool = { type, ...Object.fromEntries(required.map((field) => [field.name, blankOf(field, editor)])) };
  if (!names.includes(type)) return tool;
  let n = 2;
  while (names.includes(`${type}_${n}`)) n++;
  return { ...tool, name: `${type}_${n}` };
}
