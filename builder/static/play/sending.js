// A line leaves the box as soon as it is sent, a copy of its own with an id; what could not be sent is in the box again.

import { fill, store } from "./chat_kept.js";
import { change } from "./chat_state.js";

const MOST = 50; // lines of which is known what they were
const DOUBLE = 500; // milliseconds between two clicks that are one
const BUSY = { submit_btn: false, stop_btn: true };
const IDLE = { submit_btn: true, stop_btn: false };
const EMPTY = { text: "", files: [] };

const page = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 10)}`;
const sent = new Map(); // id → what stood in the box; null: it came from elsewhere
/** @type {{props: any, trigger: Function} | null} */
let gradio = null; // the newest: Gradio mounts the page's part anew when its connection broke
let count = 0;
let sentAt = -Infinity; // milliseconds

/** Every event that asks something tells it here first, with what goes to the server: [box?, what the page says]. */
export function listenForSending(now) {
  if (!gradio) {
    document.addEventListener("hy-sends", (event) => take(/** @type {CustomEvent} */ (event)));
    document.addEventListener("click", onlyOnce, { capture: true });
  }
  gradio = now;
}

function take({ detail }) {
  const given = detail[detail.length - 1] ||= {}; // nothing yet, while the page's part is mounted anew
  const written = detail.length > 1 ? detail[0] : null;
  given.id = `${page}.${++count}`;
  if (written && !written.text.trim() && !written.files.length) return; // a second click on an emptied box
  sentAt = performance.now();
  sent.set(given.id, written);
  if (sent.size > MOST) sent.delete(sent.keys().next().value);
  change({ runs: true, rewrites: null });
  if (written) fill(textarea(), ""); // at once: Gradio's own way takes what is written in the meantime with it
  setBox(written?.files.length ? { ...BUSY, value: EMPTY } : BUSY);
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
  setBox(written?.files.length ? { ...IDLE, value: written } : IDLE);
  const box = textarea();
  if (box && written && !written.files.length) fill(box, [written.text, box.value].filter(Boolean).join("\n"));
}

function idIn(body) {
  try {
    return String(JSON.parse(body).data.at(-1).id);
  } catch {
    return "";
  }
}
