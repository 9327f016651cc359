/** Conditions as rows "value, comparison, text" and as the Jinja expression they stand for. Pure. */

const PATH = String.raw`[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*`;
const NAME = `(${PATH})`;
const REFERENCE = new RegExp(`^\\s*\\{\\{\\s*(${PATH})\\s*\\}\\}\\s*$`); // in place of a text: another value
const LOWER = String.raw`(?: ?\| ?lower)?`; // "Human" is meant by 'human': letters are compared without their case

const TEXT = String.raw`('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|${PATH})${LOWER}`;
const NUMBER = String.raw`(-?\d+(?:\.\d+)?|${PATH}(?= ?\| ?float))(?: ?\| ?float)?`;
const QUOTED = String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`;
const QUOTED_ALL = new RegExp(QUOTED, "g");
const LIST = String.raw`\[((?:(?:${QUOTED})(?:, ?)?)+)\]`;
const SOME = String.raw`${LIST} ?\| ?select\('in', ${NAME}${LOWER}\) ?\| ?list`;
const SIGNS = "。.！!~ "; // at either end of what is one of some words
const WORDS = ["not", "and", "or", "true", "false", "none", "True", "False", "None"];

/** Each comparison: how it is written, and how it is recognised (groups in the order of `groups`). */
const COMPARISONS = [
  form("contains", `${TEXT} in ${NAME}${LOWER}`, "tn", (name, text) => `${folded(text)} in ${folding(name, text)}`),
  form(
    "lacks",
    `${TEXT} not in ${NAME}${LOWER}`,
    "tn",
    (name, text) => `${folded(text)} not in ${folding(name, text)}`,
  ),
  form("some", SOME, "wn", (name, text) => some(name, text)),
  form("none", String.raw`not \(${SOME}\)`, "wn", (name, text) => `not (${some(name, text)})`),
  form(
    "one_of",
    String.raw`${NAME}${LOWER} ?\| ?trim\('[^']*'\) in ${LIST}`,
    "nw",
    (name, text) => `${folding(name, text)} | trim('${SIGNS}') in ${list(text)}`,
  ),
  form("equals", `${NAME}${LOWER} == ${TEXT}`, "nt", (name, text) => `${folding(name, text)} == ${folded(text)}`),
  form("differs", `${NAME}${LOWER} != ${TEXT}`, "nt", (name, text) => `${folding(name, text)} != ${folded(text)}`),
  form(
    "starts",
    String.raw`(?:\((?=.* lower\)\.))?${NAME}(?: ?\| ?lower\))?\.startswith\(${TEXT}\)`,
    "nt",
    (name, text) => `${bracketed(folding(name, text))}.startswith(${folded(text)})`,
  ),
  form(
    "ends",
    String.raw`(?:\((?=.* lower\)\.))?${NAME}(?: ?\| ?lower\))?\.endswith\(${TEXT}\)`,
    "nt",
    (name, text) => `${bracketed(folding(name, text))}.endswith(${folded(text)})`,
  ),
  form("above", String.raw`${NAME} ?\| ?float > ${NUMBER}`, "n#", (name, text) => `${name} | float > ${number(text)}`),
  form("below", String.raw`${NAME} ?\| ?float < ${NUMBER}`, "n#", (name, text) => `${name} | float < ${number(text)}`),
  form(
    "least",
    String.raw`${NAME} ?\| ?float >= ${NUMBER}`,
    "n#",
    (name, text) => `${name} | float >= ${number(text)}`,
  ),
  form("most", String.raw`${NAME} ?\| ?float <= ${NUMBER}`, "n#", (name, text) => `${name} | float <= ${number(text)}`),
  form(
    "later",
    String.raw`${NAME}\[:16\] > (${QUOTED}|${PATH}(?=\[:16\]))(?:\[:16\])?`,
    "nt",
    (name, text) => `${name}[:16] > ${other(text) ? `${other(text)}[:16]` : quote(text)}`,
  ),
  form("empty", `not ${NAME}`, "n", (name) => `not ${name}`),
  form("filled", NAME, "n", (name) => name),
];

export const comparisons = COMPARISONS.map(({ name }) => name);

/** Comparisons that need no text beside them. */
export const alone = new Set(["empty", "filled"]);

function form(name, pattern, groups, write) {
  return { name, pattern: new RegExp(`^${pattern}$`), groups, write };
}

const other = (text) => REFERENCE.exec(text)?.[1];

const quote = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`;

const hasCase = (text) => text.toLowerCase() !== text.toUpperCase();

const folded = (text) => other(text) ? `${other(text)} | lower` : quote(hasCase(text) ? text.toLowerCase() : text);

const folding = (name, text) => (hasCase(text) ? `${name} | lower` : name);

/** Words between commas; a blank at the end of one is part of it. */
const words = (text) => text.split(/[,，、] ?/).filter(Boolean);

const list = (text) => `[${words(hasCase(text) ? text.toLowerCase() : text).map(quote).join(", ")}]`;

const some = (name, text) => `${list(text)} | select('in', ${folding(name, text)}) | list`;

const bracketed = (value) => value.includes("|") ? `(${value})` : value;

const unquote = (text) => text.slice(1, -1).replaceAll(/\\(.)/g, (_, char) => (char === "n" ? "\n" : char));

const number = (text) =>
  other(text) ? `${other(text)} | float` : (Number.isFinite(Number.parseFloat(text)) ? Number.parseFloat(text) : 0);

/** {join: "and" | "or", rows: [{name, is, text}]}, or null when the expression says more than rows can. */
export function parse(expression) {
  const source = expression.trim();
  if (!source) return { join: "and", rows: [] };
  const [pieces, joins] = split(source);
  if (new Set(joins).size > 1) return null;
  const rows = pieces.map(row);
  return rows.includes(null) ? null : { join: joins[0] ?? "and", rows };
}

export function write({ join, rows }) {
  const byName = Object.fromEntries(COMPARISONS.map((comparison) => [comparison.name, comparison]));
  return rows.map(({ name, is, text }) => byName[is].write(name, text)).join(` ${join} `);
}

function row(source) {
  for (const { name, pattern, groups } of COMPARISONS) {
    const match = source.match(pattern);
    if (!match || WORDS.includes(match[1]) || WORDS.includes(match[2])) continue;
    return {
      name: match[1 + groups.indexOf("n")],
      is: name,
      text: groups.includes("w")
        ? Array.from(match[1 + groups.indexOf("w")].matchAll(QUOTED_ALL), ([one]) => unquote(one)).join(", ")
        : textOf(/[t#]/.test(groups) ? match[1 + groups.search(/[t#]/)] : undefined),
    };
  }
  return null;
}

/** As a person writes it: a text or a number as it is, another value in braces. */
function textOf(part) {
  if (part === undefined || /^[-\d]/.test(part)) return part ?? "";
  return /^['"]/.test(part) ? unquote(part) : `{{ ${part} }}`;
}

/** Cut at and/or outside quotes. */
function split(source) {
  const pieces = [""];
  const joins = [];
  for (const [token] of source.matchAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\s(?:and|or)\s|[\s\S]/g)) {
    const word = token.trim();
    if (token.length > 2 && (word === "and" || word === "or")) {
      joins.push(word);
      pieces.push("");
    } else pieces[pieces.length - 1] += token;
  }
  return [pieces.map((piece) => piece.trim()), joins];
}
