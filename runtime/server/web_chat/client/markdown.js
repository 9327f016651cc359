// An answer in Markdown as a tree of blocks. It grows while it is written: a block that is over stays the same.

import { inline } from "./inline.js";

const ORDER = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g; // changes the direction of what stands beside it
// deno-lint-ignore no-control-regex
const HIDDEN = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u2028\u2029\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
const PILED = /([\u0300-\u036f\u20d0-\u20ff]{2})[\u0300-\u036f\u20d0-\u20ff]+/g; // accents on accents
const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]*)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*)$/;
const RULE = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const ITEM = /^( {0,12})([-*+•]|\d{1,9}[.)])(?:\s+(.*)|$)/;
const QUOTE = /^ {0,3}> ?(.*)$/;
const TABLE = /^ {0,3}\|?\s*:?-{1,40}:?\s*(?:\|\s*:?-{1,40}:?\s*){0,30}\|?\s*$/;
const LONGEST_RULE = 2_000; // characters below the head of a table: so blanks cost no more than their square
const LONGEST = 100_000; // characters that are read as Markdown; the rest is text
const DEEPEST = 6;
const MOST_CELLS = 30;

/** Without marks that have power over other text. */
export const plain = (text) => text.replace(/\r\n?/g, "\n").replace(ORDER, "").replace(HIDDEN, "").replace(PILED, "$1");

/** Pieces of Markdown that can be shown each by itself; only the last one changes while text is added. */
export function pieces(text) {
  const found = [];
  let fence = "";
  let now = [];
  for (const line of text.split("\n")) {
    const mark = FENCE.exec(line)?.[1];
    if (fence ? mark?.startsWith(fence) : mark) fence = fence ? "" : mark;
    if (!line.trim() && !fence && now.length) {
      found.push(now.join("\n"));
      now = [];
    } else if (line.trim() || fence) now.push(line);
  }
  return now.length ? [...found, now.join("\n")] : found;
}

/** Nodes {is: "p" | "h", inner}, {is: "ul" | "ol", items, start}, {is: "pre", text, of}, {is: "table", head, rows}… */
export function blocks(text, deep = 0) {
  if (deep > DEEPEST) return [{ is: "p", inner: [text] }];
  const over = text.length > LONGEST ? [{ is: "p", inner: [text.slice(LONGEST)] }] : [];
  const lines = text.slice(0, LONGEST).split("\n");
  const out = [];
  for (let at = 0; at < lines.length;) {
    const [found, next] = block(lines, at, deep);
    if (found) out.push(found);
    at = next;
  }
  return [...out, ...over];
}

function block(lines, at, deep) {
  const line = lines[at];
  const heading = HEADING.exec(line);
  if (!line.trim()) return [null, at + 1];
  if (FENCE.test(line)) return fenced(lines, at);
  if (heading) return [{ is: "h", size: heading[1].length, inner: inline(unclosed(heading[2])) }, at + 1];
  if (RULE.test(line)) return [{ is: "hr" }, at + 1];
  if (QUOTE.test(line)) return quoted(lines, at, deep);
  if (ITEM.test(line)) return listed(lines, at, deep);
  if (line.includes("|") && isTableRule(lines[at + 1] ?? "")) return tabled(lines, at);
  let end = at + 1;
  while (end < lines.length && lines[end].trim() && !begins(lines[end])) end++;
  return [{ is: "p", inner: inline(lines.slice(at, end).map((one) => one.trim()).join("\n")) }, end];
}

const isTableRule = (line) => line.length < LONGEST_RULE && TABLE.test(line.trim());

/** A heading without the signs that may close it. By hand: an expression looks for its end from each sign on. */
function unclosed(text) {
  let end = text.trimEnd().length;
  while (text[end - 1] === "#") end--;
  return text.slice(0, end).trimEnd();
}

const begins = (line) => [FENCE, HEADING, RULE, QUOTE, ITEM].some((one) => one.test(line));

function fenced(lines, at) {
  const [, mark, of] = FENCE.exec(lines[at]);
  let end = at + 1;
  while (end < lines.length && FENCE.exec(lines[end])?.[1].startsWith(mark) !== true) end++;
  return [{ is: "pre", of, text: lines.slice(at + 1, end).join("\n") }, end + 1];
}

function quoted(lines, at, deep) {
  let end = at;
  const inside = [];
  for (let found; end < lines.length && (found = QUOTE.exec(lines[end])); end++) inside.push(found[1]);
  return [{ is: "blockquote", inner: blocks(inside.join("\n"), deep + 1) }, end];
}

function listed(lines, at, deep) {
  const [, indent, mark] = ITEM.exec(lines[at]);
  const ordered = /\d/.test(mark);
  const items = [];
  let end = at;
  for (; end < lines.length; end++) {
    const found = ITEM.exec(lines[end]);
    const isOurs = found && found[1].length <= indent.length + 1;
    if (isOurs && /\d/.test(found[2]) !== ordered) break;
    if (isOurs) items.push([found[3] ?? ""]);
    else if (!lines[end].trim() && !ITEM.test(lines[end + 1] ?? "") && !/^\s{2,}\S/.test(lines[end + 1] ?? "")) break;
    else items[items.length - 1].push(lines[end].replace(/^ {1,4}/, ""));
  }
  const inner = items.map((one) => blocks(one.join("\n"), deep + 1));
  return [{ is: ordered ? "ol" : "ul", start: ordered ? Number.parseInt(mark, 10) : 1, items: inner }, end];
}

function tabled(lines, at) {
  const head = cells(lines[at]);
  const rows = [];
  let end = at + 2;
  for (; end < lines.length && lines[end].includes("|"); end++) rows.push(cells(lines[end]).slice(0, head.length));
  return [{ is: "table", head, rows }, end];
}

const cells = (line) =>
  line.trim().replace(/^\||\|$/g, "").split("|").slice(0, MOST_CELLS).map((one) => inline(one.trim()));
