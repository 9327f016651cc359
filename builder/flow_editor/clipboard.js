/** Copy, cut and paste: the clipboard holds blocks as JSON, and so they go from one agent to another. */

import { toast } from "../static/common/toast.js";
import { bound } from "./dom.js";

const KEY = "hongyan:copied";
const LARGEST = 2_000_000; // characters
const MOST = 300; // blocks at once; a page with more of them is slow

let held = ""; // what was copied last on this page

/** Blocks as text. What an agent that is bound itself (`withheld`, `holds`) gives away is not taken for the owner's elsewhere. */
function copied(editor, id) {
  const blocks = meantBlocks(editor, id);
  held = JSON.stringify({ hongyan: "blocks", blocks }, null, 2);
  try {
    if (editor.isBound) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, held);
  } catch {
    // no store: then it is known on this page only
  }
  editor.announce(editor.t("copied", { n: blocks.length }));
  return held;
}

const meantBlocks = (editor, id) => editor.meant(id).map((one) => editor.tree.find(editor.flow, one).block);

/** What was copied in this browser by the person who works here; "" when nothing was. */
function ours() {
  try {
    return localStorage.getItem(KEY) || held;
  } catch {
    return held;
  }
}

/** Copy or cut by a menu; the system's clipboard may refuse. */
function copy(editor, id) {
  const text = copied(editor, id);
  navigator.clipboard?.writeText(text).catch(() => {}); // pasting here works without it
}

function cut(editor, id) {
  copy(editor, id);
  editor.remove(id, { follow: false }); // what refers to it waits until it is pasted
}

/** Whether there is something to paste by a menu. */
const hasCopy = () => Boolean(blocksIn(ours()));

/** Paste a text at `spot`; whether it was blocks. What comes from elsewhere is checked first. */
function paste(editor, text = ours(), spot = null) {
  const blocks = blocksIn(text);
  if (editor.readonly) return false;
  const n = blocks ? counted(editor, blocks) : 0;
  if (!n) return refused(editor, text);
  if (n > MOST) return toast(editor.t("paste_many", { n, most: MOST }), { tone: "bad" }), true;
  if (text === held || text === ours()) put(editor, blocks, spot);
  else void pasteForeign(editor, blocks, spot);
  return true;
}

/** How many there are, nested ones too; 0 where what is nested is none, or too deep. */
function counted(editor, blocks) {
  try {
    const all = editor.tree.blocks(blocks);
    return all.every(isBlock) ? all.length : 0;
  } catch {
    return 0;
  }
}

/** What looks like blocks and is none is told; any other text is nobody's business here. */
function refused(editor, text) {
  const isMeant = /^\s*[[{]/.test(text ?? "") && /"(type|flow|blocks)"/.test(text.slice(0, LARGEST));
  if (isMeant) toast(editor.t("paste_broken"), { tone: "bad" });
  return isMeant;
}

/** Blocks that somebody else wrote: the server reads them strictly, and what could act comes in switched off. */
async function pasteForeign(editor, blocks, spot) {
  const answer = await editor.takeBlocks?.(blocks);
  if (!answer?.ok) return toast(editor.t("not_pasted", { why: editor.say(answer?.text) }), { tone: "bad" });
  put(editor, answer.value.blocks, spot);
  const acts = answer.value.acts.map(({ words }) => editor.say(words));
  if (acts.length) toast(editor.t("pasted_off", { what: acts.join(editor.t("and_also")) }), { tone: "warn" });
}

function put(editor, blocks, spot) {
  if (!blocks.every((block) => isKnown(editor, block))) return toast(editor.t("paste_unknown"), { tone: "bad" });
  editor.placeAll(editor.tree.copyAll(blocks, editor.taken()), spot, "paste");
}

const isKnown = (editor, block) =>
  [...editor.tree.walk([block])].every(({ block: inner }) => Object.hasOwn(editor.types, inner.type));

/** The blocks that a text is: what was copied here, or, by hand, a block, a list of blocks, an agent. Null for any other. */
function blocksIn(text) {
  if (!text || text.length > LARGEST || !/^\s*[[{]/.test(text)) return null;
  try {
    const data = JSON.parse(text);
    const found = data?.blocks ?? data?.flow ?? (Array.isArray(data) ? data : [data?.block ?? data]);
    return Array.isArray(found) && found.length && found.every(isBlock) ? found : null;
  } catch {
    return null;
  }
}

const isBlock = (one) => one && typeof one === "object" && typeof one.type === "string" && typeof one.id === "string";

/** The place behind the block with the focus. */
function behind(editor, active) {
  const at = editor.tree.find(editor.flow, active.closest(".fe-card")?.getAttribute("data-id"));
  return at ? { list: at.list, index: at.index + 1 } : null;
}

export const typing = (node) =>
  node.matches?.("input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]");

/** The browser's own events, which bring the clipboard along. */
export function clipboardEvent(editor, event) {
  const active = document.activeElement;
  if (!editor.root.contains(active) || typing(active)) return;
  if (event.type === "paste") {
    if (paste(editor, event.clipboardData.getData("text/plain"), behind(editor, active))) event.preventDefault();
    return;
  }
  const id = active.closest(".fe-card")?.getAttribute("data-id") ?? editor.marks[0];
  if (!id || !getSelection().isCollapsed) return;
  event.preventDefault();
  event.clipboardData.setData("text/plain", copied(editor, id));
  if (event.type === "cut" && !editor.readonly) editor.remove(id, { follow: false });
}

export const clipboard = (editor) => bound(editor, { copy, cut, paste, hasCopy });
