// An answer's Markdown as a list of blocks that the page shows as text in views of its own. Nothing of it is
// HTML, so nothing in it acts. It reads what is half written, too: an open fence is code up to here.

const { spans } = require("./inline.js");

const MOST = 2000; // blocks; what follows is one paragraph
const DEEPEST = 6; // of lists and quotes
const COLUMNS = 20;

const FENCE = /^(\s*)(`{3,}|~{3,})\s*([^\s`]*)/;
const HEADING = /^ {0,3}(#{1,6})[ \t]([^]*)$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const LONGEST_RULE = 200; // characters
const ITEM = /^(\s*)([-*+•]|\d{1,9}[.)、])\s+([^]*)$/;
const QUOTE = /^\s{0,3}>\s?(.*)$/;
const TABLE_RULE = /^:?-+:?$/; // in each cell

/**
 * @param {string} text
 * @returns {any[]} blocks: {kind: "p" | "h" | "li" | "code" | "quote" | "rule" | "table", …}
 */
function blocks(text) {
  const reader = { lines: text.replace(/\r\n?/g, "\n").split("\n"), at: 0, found: [] };
  while (reader.at < reader.lines.length && reader.found.length < MOST) {
    const read = READERS.find((one) => one(reader));
    if (!read) reader.at++; // an empty line
  }
  if (reader.at < reader.lines.length) {
    reader.found.push({ kind: "p", spans: [{ text: reader.lines.slice(reader.at).join("\n"), look: "" }] });
  }
  return reader.found;
}

function code(reader) {
  const open = FENCE.exec(reader.lines[reader.at]);
  if (!open) return false;
  const [, indent, fence, lang] = open;
  const lines = [];
  for (reader.at++; reader.at < reader.lines.length; reader.at++) {
    const line = reader.lines[reader.at];
    const close = FENCE.exec(line);
    if (close && close[2][0] === fence[0] && close[2].length >= fence.length && !close[3]) {
      reader.at++;
      break;
    }
    lines.push(line.slice(0, indent.length).trim() === "" ? line.slice(indent.length) : line);
  }
  reader.found.push({ kind: "code", lang: lang.slice(0, 20), text: lines.join("\n") });
  return true;
}

function heading(reader) {
  const found = HEADING.exec(reader.lines[reader.at]);
  if (!found) return false;
  reader.at++;
  let words = found[2].trim();
  while (words[words.length - 1] === "#") words = words.slice(0, -1);
  reader.found.push({ kind: "h", level: Math.min(found[1].length, 4), spans: spans(words.trim()) });
  return true;
}

const isRule = (line) => line.length < LONGEST_RULE && RULE.test(line);

function rule(reader) {
  if (!isRule(reader.lines[reader.at])) return false;
  reader.at++;
  reader.found.push({ kind: "rule" });
  return true;
}

function item(reader) {
  const found = ITEM.exec(reader.lines[reader.at]);
  if (!found) return false;
  const depth = Math.min(DEEPEST, Math.floor(found[1].replace(/\t/g, "    ").length / 2));
  const mark = /\d/.test(found[2]) ? found[2] : "•";
  const lines = [found[3]];
  for (reader.at++; isLazy(reader); reader.at++) lines.push(reader.lines[reader.at].trim());
  reader.found.push({ kind: "li", depth, mark, spans: spans(lines.join("\n")) });
  return true;
}

function quote(reader) {
  const lines = [];
  for (let found; (found = QUOTE.exec(reader.lines[reader.at] || "")); reader.at++) lines.push(found[1]);
  if (lines.length === 0) return false;
  reader.found.push({ kind: "quote", spans: spans(lines.map((line) => line.replace(/^[\s>]+/, "")).join("\n")) });
  return true;
}

function table(reader) {
  const [head, under] = reader.lines.slice(reader.at, reader.at + 2);
  if (head.indexOf("|") < 0 || !isTableRule(under) || cells(head).length !== cells(under).length) return false;
  const rows = [];
  const width = cells(head).length;
  for (reader.at += 2; (reader.lines[reader.at] || "").indexOf("|") >= 0; reader.at++) {
    const row = cells(reader.lines[reader.at]).slice(0, width);
    while (row.length < width) row.push("");
    rows.push(row.map(spans));
  }
  reader.found.push({ kind: "table", head: cells(head).map(spans), rows });
  return true;
}

function isTableRule(line) {
  return line !== undefined && line.length < LONGEST_RULE && cells(line).every((one) => TABLE_RULE.test(one));
}

/** Of one row, without the bars at its ends; a bar behind a backslash is a letter. */
function cells(line) {
  const found = line.trim().replace(/^\|/, "").replace(/\|$/, "").split(/\\\||\|/);
  if (line.indexOf("\\|") < 0) return found.slice(0, COLUMNS).map((one) => one.trim());
  const whole = [""];
  for (const letter of line.trim().replace(/^\|/, "").replace(/([^\\])\|$/, "$1").match(/\\\||[^]/g) || []) {
    if (letter === "|") whole.push("");
    else whole[whole.length - 1] += letter === "\\|" ? "|" : letter;
  }
  return whole.slice(0, COLUMNS).map((one) => one.trim());
}

function paragraph(reader) {
  if (reader.lines[reader.at].trim() === "") return false;
  const lines = [reader.lines[reader.at]];
  for (reader.at++; isLazy(reader); reader.at++) lines.push(reader.lines[reader.at]);
  reader.found.push({ kind: "p", spans: spans(lines.map((line) => line.trim()).join("\n")) });
  return true;
}

/** Whether the line goes on with what stands above it. */
function isLazy({ lines, at }) {
  const line = lines[at];
  if (line === undefined || line.trim() === "") return false;
  if (isRule(line) || [FENCE, HEADING, ITEM, QUOTE].some((begins) => begins.test(line))) return false;
  return line.indexOf("|") < 0 || !isTableRule(lines[at + 1]);
}

const READERS = [code, heading, rule, item, quote, table, paragraph];

module.exports = { blocks };
