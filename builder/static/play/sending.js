// A line is what stood in the box at Enter, and leaves it at that moment, a copy of its own with an id; what is written
// next stays there, and what could not be sent is in the box again.

import { fill, store } from "./chat_kept.js";
import { change } from "./chat_state.js";
import { knownFile } from "./known_files.js";

const MOST = 50; // lines of which is known what they were
const DOUBLE = 500; // milliseconds between two clicks that are one
const BUSY = { submit_btn: false, stop_btn: true };
const IDLE = { submit_btn: true, stop_btn: false };
const LOST = 5000; // milliseconds after which Gradio, which was told of it, does not send it any more

const page = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 10)}`;
const sent = new Map(); // id → what stood in the box; null: it came from elsewhere
/** @type {{props: any, trigger: Function} | null} */
let gradio = null; // the newest: Gradio mounts the page's part anew when its connection broke
const leaving = []; // lines of the box on their way through Gradio, which reads it only later: {text, lost}
let count = 0;
let sentAt = -Infinity; // milliseconds

/** Every event that asks something tells it here first, with what goes to the server: [box?, what the page says]. */
export function listenForSending(now) {
  if (!gradio) {
    document.addEventListener("hy-sends", (event) => take(/** @type {CustomEvent} */ (event)));
    document.addEventListener("click", onlyOnce, { capture: true });
    document.addEventListener("click", ({ target }) => {
      if (/** @type {Element} */ (target).closest?.("#ask .submit-button")) leave();
    }, { capture: true });
    document.addEventListener("keypress", ({ target, key, shiftKey }) => {
      if (key === "Enter" && !shiftKey && target === textarea()) leave();
    }, { capture: true });
  }
  gradio = now;
}

/** Before Gradio hears that it is to be sent. */
function leave() {
  const box = textarea();
  const line = { text: box.value, lost: 0 };
  line.lost = setTimeout(() => {
    leaving.splice(leaving.indexOf(line), 1);
    back(line.text);
  }, LOST);
  leaving.push(line);
  fill(box, "");
}

/** Before what was written since. */
function back(text) {
  const box = textarea();
  if (box && text) fill(box, [text, box.value].filter(Boolean).join("\n"));
}

/** What goes to the server of the box: the text is that of the moment when it was sent. */
function left(detail) {
  const line = leaving.shift();
  clearTimeout(line?.lost);
  if (line) detail[0] = { ...detail[0], text: line.text };
  else fill(textarea(), "");
  const files = [...document.querySelectorAll("#ask .thumbnail-item .delete-button")].slice(0, detail[0].files.length);
  for (const remove of files.reverse()) /** @type {HTMLElement} */ (remove).click(); // each by its place
  return detail[0];
}

function take({ detail }) {
  const given = detail[detail.length - 1] ||= {}; // nothing yet, while the page's part is mounted anew
  const written = detail.length > 1 ? left(detail) : null;
  given.id = `${page}.${++count}`;
  if (written && !written.text.trim() && !written.files.length) return; // a second click on an emptied box
  sentAt = performance.now();
  sent.set(given.id, written);
  if (sent.size > MOST) sent.delete(sent.keys().next().value);
  change({ runs: true, rewrites: null });
  setBox(BUSY);
}

/** @returns {HTMLTextAreaElement} */
const textarea = () => document.querySelector("#ask textarea");

/** The second click of two finds the button that stops where the one that sends was. */
function onlyOnce(event) {
  if (event.detail < 2 || performance.now() - sentAt > DOUBLE || !event.target.closest?.("#ask .stop-button")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function setBox(box) {
  gradio.props.value = { ...gradio.props.value, box };
  gradio.trigger("box");
}

/** The server has it: only what is written since is kept. */
export function arrived(body, place) {
  if (!sent.delete(idIn(body))) return;
  store(place, textarea()?.value ?? "");
}

/** It did not go out: what stood in the box stands there again, before what was written since. */
export function notSent(body) {
  const id = idIn(body);
  const written = sent.get(id);
  if (!sent.delete(id)) return;
  change({ runs: false });
  if (written) back(written.text);
  setBox(IDLE);
  filesBack(written?.files ?? []);
}

/** They come in as they came in first, by the box's own way, which leaves its text alone; and are kept already. */
function filesBack(files) {
  const input = /** @type {HTMLInputElement | null} */ (document.querySelector("#ask input[type=file]"));
  if (!input || !files.length) return;
  const given = new DataTransfer();
  for (const { path, orig_name: name, mime_type: type } of files) given.items.add(knownFile(path, name, type));
  input.files = given.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Whether it asks something, and was not sent yet. */
export const isLine = (body) => sent.has(idIn(body));

function idIn(body) {
  try {
    return String(JSON.parse(body).data.at(-1).id);
  } catch {
    return "";
  }
}
