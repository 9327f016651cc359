// The words of a line of Markdown as a tree: nothing in it acts, and what is no Markdown stays text.

const MARKS = new RegExp(
  [
    "\\\\([!-/:-@[-`{-~])", // escaped
    "(`+)",
    "(\\*{1,3}|_{1,3}|~~)",
    "(!?\\[)",
    "<(https?://[^\\s<>]{1,2000})>",
    "(https?://[^\\s<>\"'`，。；：！？、（）《》「」【】]{1,2000})",
    "(\\n)",
  ].join("|"),
  "g",
);
const LINK =
  /^\(\s{0,99}<?([^\s()<>]{0,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500})?)>?(?:\s{1,99}(?:"[^"]{0,500}"|'[^']{0,500}'))?\s{0,99}\)/;
const GOES_OUT = /^(?:https?:\/\/|mailto:|tel:|\/(?![/\\]))\S/i; // a path is of our own server
const TRAILING = /[.,;:!?)\]}'"*_~]+$/;
const WORD = /[\p{L}\p{N}]/u;
const DEEPEST = 8;
const LONGEST = 600; // characters of a label

/** Strings and nodes {is, inner}, {is: "code", text}, {is: "a", href, inner}, {is: "img", src, text}, {is: "br"}. */
export function inline(text, deep = 0) {
  const out = [];
  const marks = new RegExp(MARKS);
  const missing = new Set(); // ends that are nowhere: else many beginnings cost their square
  let at = 0;
  for (let found; deep <= DEEPEST && (found = marks.exec(text));) {
    const taken = node(text, found, missing, deep);
    if (!taken) continue;
    if (found.index > at) out.push(text.slice(at, found.index));
    out.push(taken.node);
    at = marks.lastIndex = taken.end;
  }
  if (at < text.length) out.push(text.slice(at));
  return out;
}

function node(text, found, missing, deep) {
  const [whole, escaped, ticks, emphasis, bracket, angled, bare, line] = found;
  const end = found.index + whole.length;
  if (escaped) return { node: escaped, end };
  if (line) return { node: { is: "br" }, end };
  if (ticks) return code(text, ticks, end, missing);
  if (emphasis) return stressed(text, emphasis, found.index, missing, deep);
  if (bracket) return link(text, bracket, end, missing, deep);
  const address = angled ?? bare.replace(TRAILING, "");
  const after = angled ? end : found.index + address.length;
  return { node: { is: "a", href: address, inner: [address] }, end: after };
}

function code(text, ticks, from, missing) {
  const close = closing(text, ticks, from, missing);
  return close < 0 ? null : { node: { is: "code", text: text.slice(from, close).trim() }, end: close + ticks.length };
}

function stressed(text, mark, at, missing, deep) {
  const from = at + mark.length;
  if (/^\s/.test(text.slice(from, from + 1))) return null;
  if (mark[0] === "_" && WORD.test(text[at - 1] ?? "")) return null; // of_a_name
  const close = closing(text, mark, from, missing);
  if (close <= from || /\s/.test(text[close - 1])) return null;
  const inner = inline(text.slice(from, close), deep + 1);
  const kind = mark === "~~" ? "s" : mark.length > 1 ? "strong" : "em";
  const whole = mark.length === 3 ? [{ is: "em", inner }] : inner;
  return { node: { is: kind, inner: whole }, end: close + mark.length };
}

/** Where the mark stands again, alone; -1: nowhere. */
function closing(text, mark, from, missing) {
  if (missing.has(mark)) return -1;
  for (let at = text.indexOf(mark, from); at >= 0;) {
    let end = at + mark.length;
    while (text[end] === mark[0]) end++;
    if (end - at === mark.length) return at;
    if (mark.length === 1 && end - at === 3) return end - 1;
    at = text.indexOf(mark, end);
  }
  missing.add(mark);
  return -1;
}

function link(text, bracket, from, missing, deep) {
  const close = missing.has("]") ? -1 : text.indexOf("](", from);
  if (close < 0) missing.add("]");
  if (close < 0 || close - from > LONGEST) return null;
  const label = text.slice(from, close);
  const found = LINK.exec(text.slice(close + 1, close + 4000));
  if (!found) return null;
  const end = close + 1 + found[0].length;
  const [, address] = found;
  if (bracket === "![") return { node: { is: "img", src: address, text: label }, end };
  const inner = inline(label, deep + 1);
  if (!GOES_OUT.test(address)) return { node: { is: "span", inner }, end }; // leads nowhere that we open
  return { node: { is: "a", href: address, inner }, end };
}
