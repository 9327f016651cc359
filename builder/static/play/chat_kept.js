// Of the playground's chats this browser keeps which one it showed last; the server has them all.

const PREFIX = "hongyan:chat:";
const PLACE = "hongyan:open:";

/** [chat, turn] that it stood at. */
export const keptPlace = (agent) => stored(PLACE + agent).split(".");
export const keepPlace = (agent, chat, tip) => store(PLACE + agent, chat && `${chat}.${tip}`);

const COLUMNS = "hongyan:columns:";

/** Who answers side by side, where nothing was said yet: what was said has the chat on the server. */
export function keptColumns(agent) {
  try {
    const found = JSON.parse(stored(COLUMNS + agent) || "[]");
    return Array.isArray(found)
      ? found.map(({ version, model, name }) => ({ version, model, name, tip: "start" }))
      : [];
  } catch {
    return [];
  }
}

export const keepColumns = (agent, columns) => store(COLUMNS + agent, columns.length ? JSON.stringify(columns) : "");

/** A chat of before, which only this browser had: its messages. */
export function keptChat(agent) {
  try {
    const { said } = JSON.parse(localStorage.getItem(PREFIX + agent)) ?? {};
    return Array.isArray(said) && said.length ? said : null;
  } catch {
    return null;
  }
}

export const forgetChat = (agent) => store(PREFIX + agent, "");

// What stands in the box, and what was asked and has no answer yet, is kept too.

const BOX = "hongyan:box:";
export const boxKey = (agent) => BOX + agent;

/** What is written is kept, and is in the box again whenever Gradio draws a new one: it starts anew when its connection breaks. */
export function keepBox(agent) {
  document.addEventListener("input", (event) => {
    const box = /** @type {HTMLTextAreaElement} */ (event.target);
    if (box.matches("#ask textarea")) store(BOX + agent, box.value);
  });
  let box = null;
  const look = () => {
    const now = document.querySelector("#ask textarea");
    if (now && now !== box) refill(now, stored(BOX + agent));
    box = now;
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  look();
}

/** A turn ended: its question is in the chat now, so that only what was written since is kept. */
export function answered(agent) {
  const box = /** @type {HTMLTextAreaElement} */ (document.querySelector("#ask textarea"));
  store(BOX + agent, box?.value ?? "");
}

function refill(box, text) {
  if (text && !box.value) fill(box, text);
  box.focus({ preventScroll: true });
}

/** That, and the cursor behind it. */
export function fill(box, text) {
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.setSelectionRange(text.length, text.length);
}

export function stored(key) {
  try {
    return localStorage.getItem(key) || "";
  } catch {
    return "";
  }
}

export function store(key, text) {
  try {
    text ? localStorage.setItem(key, text) : localStorage.removeItem(key);
  } catch {
    // no room, or no store: the box keeps it until the page is closed
  }
}
