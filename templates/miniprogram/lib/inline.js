// What stands inside of a line: bold, italic, struck, code, links. In one pass, so that no text is slow.

const LONGEST = 20000; // characters that are looked at; what is longer is shown as it is
const WORDS = 500; // characters of a link's words…
const ADDRESS = 2000; // …and of its address
const SAFE = /^(https?:\/\/|mailto:|tel:)/i;
const MARKS = { "**": "bold", "__": "bold", "~~": "struck", "*": "italic", "_": "italic" };

/**
 * @param {string} text
 * @returns {{text: string, look: string, href?: string}[]} `look`: of "bold", "italic", "struck", "code"
 */
function spans(text) {
  if (text.length > LONGEST) return [{ text, look: "" }];
  const reader = { text, at: 0, found: [], plain: "", style: {}, dead: {} };
  while (reader.at < text.length) {
    if (!(escaped(reader) || code(reader) || link(reader) || bare(reader) || mark(reader))) {
      reader.plain += text[reader.at++];
    }
  }
  flush(reader);
  return reader.found;
}

function flush(reader, more) {
  const look = Object.keys(reader.style).join(" ");
  if (reader.plain) reader.found.push({ text: reader.plain, look });
  reader.plain = "";
  if (more) reader.found.push(Object.assign({ look }, more));
}

function escaped(reader) {
  const { text, at } = reader;
  if (text[at] !== "\\" || !/[!-/:-@[-`{-~]/.test(text[at + 1] || "")) return false;
  reader.plain += text[at + 1];
  reader.at += 2;
  return true;
}

function code(reader) {
  const { text, at } = reader;
  if (text[at] !== "`") return false;
  let length = 1;
  while (text[at + length] === "`") length++;
  const ticks = "`".repeat(length);
  const end = later(reader, ticks, at + length);
  if (end < 0) { // none of these begins another, or many of them cost their square
    reader.plain += ticks;
    reader.at += length;
    return true;
  }
  flush(reader, { text: text.slice(at + length, end).replace(/\n/g, " "), look: "code" });
  reader.at = end + length;
  return true;
}

/** Where it comes next; once it does not, it is not looked for again. */
function later(reader, what, from) {
  if (reader.dead[what]) return -1;
  const found = reader.text.indexOf(what, from);
  if (found < 0) reader.dead[what] = true;
  return found;
}

/** [words](address), and a picture: which is a link, too, since nothing is loaded from strangers. */
function link(reader) {
  const { text, at } = reader;
  const isPicture = text[at] === "!" && text[at + 1] === "[";
  if (text[at] !== "[" && !isPicture) return false;
  const begin = at + (isPicture ? 2 : 1);
  const middle = begin + text.slice(begin, begin + WORDS).indexOf("](");
  if (middle < begin) return false;
  const end = middle + text.slice(middle, middle + ADDRESS).indexOf(")");
  if (end < middle) return false;
  const href = text.slice(middle + 2, end).trim().split(/\s/)[0].replace(/^<|>$/g, "");
  const words = text.slice(begin, middle).replace(/[*_`~]/g, "");
  if (!SAFE.test(href)) reader.plain += words || href;
  else flush(reader, { text: words || href, href });
  reader.at = end + 1;
  return true;
}

const BARE = /https?:\/\/[^\s<>"'`，。；：！？、（）《》「」【】]+/iy;

function bare(reader) {
  const { text, at } = reader;
  if (text[at] !== "h" && text[at] !== "H") return false;
  BARE.lastIndex = at;
  const found = BARE.exec(text);
  if (!found) return false;
  let end = found[0].length;
  while (".,;:!?)]}*_~".indexOf(found[0][end - 1]) >= 0) end--; // the sentence's, and not the address's
  const href = found[0].slice(0, end);
  flush(reader, { text: href, href });
  reader.at += href.length;
  return true;
}

/** Opens or closes what it stands around; what never closes is a letter. */
function mark(reader) {
  const { text, at } = reader;
  const two = text.slice(at, at + 2);
  const sign = MARKS[two] ? two : MARKS[text[at]] ? text[at] : "";
  if (!sign) return false;
  const name = MARKS[sign];
  const before = text[at - 1] || " ";
  const after = text[at + sign.length] || " ";
  if (sign[0] === "_" && /[A-Za-z0-9]/.test(before) && /[A-Za-z0-9]/.test(after)) return false; // snake_case
  if (reader.style[name] === sign && !/\s/.test(before)) {
    flush(reader);
    delete reader.style[name];
  } else if (!reader.style[name] && !/\s/.test(after) && later(reader, sign, at + sign.length + 1) >= 0) {
    flush(reader);
    reader.style[name] = sign;
  } else return false;
  reader.at += sign.length;
  return true;
}

module.exports = { SAFE, spans };
