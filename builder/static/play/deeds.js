// What is done to the answers and questions of the chat, by keys as by Gradio's own buttons.

import { tell } from "../common/shortcuts.js";
import { t } from "../common/texts.js";
import { change, focusBox, open, shared, widen } from "./chat_state.js";

/** @type {((event: string) => void) | null} */
let trigger = null;

export const useTrigger = (now) => trigger = now;

/** The last question once more, to all that answer. */
export function again() {
  if (shared().chat && !shared().runs) trigger?.("again");
}

/** That question stands in the box, to be asked otherwise; `number`: -1 for the last. */
export function rewrite(number = -1) {
  if (!shared().chat || shared().runs) return;
  change({ rewrites: number });
  trigger?.("rewrite");
  focusBox();
}

export function leaveRewriting() {
  change({ rewrites: null });
  focusBox();
}

const isCopy = ({ ariaLabel }) => [t("play.copy"), t("play.copied")].includes(ariaLabel);
const buttons = (row) => [...(row?.querySelectorAll("button") ?? [])].filter((one) => !isCopy(one));

/** Gradio's buttons at the last answer: once more, taken back, bad, good. */
function press(place) {
  const rows = document.querySelectorAll("#chat .bot-row + .message-buttons");
  const found = buttons(rows[rows.length - 1]);
  /** @type {HTMLElement | undefined} */ (found.at(place))?.click();
}

/** The way before or behind, where the chat last went several. */
function way(step) {
  const { forks, chat, runs } = shared();
  const fork = forks.at(-1);
  const to = fork && (fork.chosen < 0 ? (step > 0 ? fork.ends.length - 1 : -1) : fork.chosen + step);
  if (!runs && fork?.ends[to]) open(chat, fork.ends[to]);
}

const click = (id) => () => /** @type {HTMLElement | null} */
  (document.querySelector(`[data-testid="${id}"]`))?.click();

/** [key, how it is shown, what it does, the sentence of that].
 * @type {[string, string, () => void, string][]} */
const KEYS = [
  ["KeyN", "Alt + N", () => (open(), focusBox()), "chats.new"],
  ["KeyL", "Alt + L", click("chats"), "chats.all"],
  ["KeyR", "Alt + R", again, "help.again"],
  ["KeyE", "Alt + E", () => rewrite(), "help.rewrite"],
  ["KeyZ", "Alt + Z", () => press(1), "help.undo_line"],
  ["BracketLeft", "Alt + [", () => way(-1), "fork.before"],
  ["BracketRight", "Alt + ]", () => way(1), "fork.after"],
  ["KeyG", "Alt + G", () => press(-1), "rated.good"],
  ["KeyB", "Alt + B", () => press(-2), "rated.bad"],
  ["KeyC", "Alt + C", () => shared().columns.length ? widen() : click("compare")(), "help.compare"],
  ["KeyS", "Alt + S", click("share"), "share.open"],
  ["KeyK", "Alt + K", click("keep-test"), "play.keep_test"],
  ["KeyU", "Alt + U", () => attach(".upload-button"), "attach.add"],
  ["KeyM", "Alt + M", () => attach(".microphone-button"), "attach.record"],
  ["KeyT", "Alt + T", nextView, "help.view"],
];

const attach = (name) => /** @type {HTMLElement | null} */ (document.querySelector(`#ask ${name}`))?.click();

/** What stands beside the chat: the phone, the rehearsal, the trace … one after the other. */
function nextView() {
  const tabs = [...document.querySelectorAll('.hy-beside [role="tab"]')];
  const here = tabs.findIndex((one) => one.ariaSelected === "true");
  const next = /** @type {HTMLElement | undefined} */ (tabs[(here + 1) % tabs.length]);
  next?.click();
  next?.focus();
}

/** The sheet of keys has the same table. */
export function tellKeys() {
  tell("play", [
    { keys: "Enter", says: "help.send" },
    { keys: "Shift + Enter", says: "help.newline" },
    { keys: "↑ ↓", says: "help.earlier" },
    { keys: "Esc", says: "help.stop" },
    { keys: "/", says: "help.box" },
    ...KEYS.map(([, keys, , says]) => ({ keys, says })),
    { keys: "Alt + 1 … 4", says: "help.column" },
    { keys: "Alt + Shift + 1 … 4", says: "help.better" },
    { keys: "Alt + Delete", says: "columns.remove" },
  ]);
}

/** Whether that key did something. */
export function pressed(event) {
  if (!event.altKey || event.ctrlKey || event.metaKey) return false;
  const number = /^Digit([1-4])$/.exec(event.code)?.[1];
  if (number) return event.shiftKey ? better(Number(number) - 1) : toColumn(Number(number) - 1);
  if (event.shiftKey) return false;
  if (event.code === "Delete") return (click(`column-remove-${shared().columns.length - 1}`)(), true);
  const found = KEYS.find(([code]) => code === event.code);
  found?.[2]();
  return Boolean(found);
}

function toColumn(place) {
  const head = /** @type {HTMLElement | null} */ (document.querySelector(`#head-${place} select`));
  head?.focus();
  return Boolean(head);
}

function better(place) {
  click(`choose-${place}`)();
  return true;
}
