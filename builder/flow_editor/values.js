/** What a setting is worth: changed, or blank. */

/** `object` with one setting changed; what equals its default is left out, as in the file. */
export function withSetting(object, field, value) {
  const { [field.name]: _, ...rest } = object;
  const isBegun = field.widget === "fallback"; // an empty way that somebody is about to fill
  const plain = value === undefined || (!field.required && !isBegun && same(value, field.default));
  if (plain) return rest;
  return field.name in object ? { ...object, [field.name]: value } : { ...rest, [field.name]: value };
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The value of a required field nobody filled in yet. */
export function blankOf(field, editor) {
  if (field.widget === "cases") return [{ title: editor.t("case", { n: 1 }), when: "", flow: [] }];
  if (field.widget === "prompt") return { text: "" };
  if (field.widget === "tool") return firstTool(editor);
  if (field.type === "array" && field.minItems && field.fields) return [blankItem(field, editor)];
  if (field.choices) return field.choices[0];
  const byType = { array: [], object: {}, boolean: false, integer: field.minimum ?? 0, number: field.minimum ?? 0 };
  return byType[field.type] ?? "";
}

/** A new item of a list of objects. */
export const blankItem = (field, editor) =>
  Object.fromEntries(
    field.fields.filter(({ required }) => required).map((inner) => [inner.name, blankOf(inner, editor)]),
  );

/** Whether a field is of use as the others beside it are set. */
export function isWanted(field, fields, values) {
  if (!field.when) return true;
  const [name, wanted] = field.when;
  const value = values[name] ?? fields.find((other) => other.name === name)?.default;
  return [wanted].flat().includes(value);
}

function firstTool(editor) {
  const [type] = Object.keys(editor.tools);
  return type ? makeTool(editor, type, []) : {};
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
