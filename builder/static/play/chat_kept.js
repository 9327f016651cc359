// The chat of the playground, kept in this browser: it is there again after a reload or a crash.

const PREFIX = "hongyan:chat:";
const MOST = 1_500_000; // characters: of a longer chat the oldest exchanges are left out

/** `state`: {said, result, usage}. A chat that is empty is forgotten. */
export function keepChat(agent, state) {
  try {
    if (!state.said?.length) return localStorage.removeItem(PREFIX + agent);
    localStorage.setItem(PREFIX + agent, JSON.stringify(bounded(state)));
  } catch {
    // no room, or no store: the chat is there until the page is closed
  }
}

export function keptChat(agent) {
  try {
    const state = JSON.parse(localStorage.getItem(PREFIX + agent));
    return Array.isArray(state?.said) && state.said.length ? state : null;
  } catch {
    return null;
  }
}

function bounded(state) {
  let { said } = state;
  while (said.length > 1 && JSON.stringify(said).length > MOST) {
    const next = said.findIndex(({ role }, i) => i > 0 && role === "user");
    said = said.slice(next > 0 ? next : said.length - 1);
  }
  return { ...state, said };
}

// What stands in the box, and what was asked and has no answer yet, is kept too.

const BOX = "hongyan:box:";

/** What is written is kept, and is in the box again whenever Gradio draws a new one: it starts anew when its connection breaks. */
export function keepBox(agent) {
  document.addEventListener("input", (event) => {
    const box = /** @type {HTMLTextAreaElement} */ (event.target);
    if (box.matches("#ask textarea")) store(BOX + agent, box.value);
  });
  let box = null;
  const look = () => {
    const now = document.querySelector("#ask textarea");
    if (now && now !== box) fill(now, stored(BOX + agent));
    box = now;
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  look();
}

/** A turn ended: its question is in the chat now. */
export function answered(agent, said) {
  const question = said.findLast(({ role }) => role === "user")?.content;
  const text = typeof question === "string" ? question : question?.map?.((part) => part.text ?? "").join("");
  if (stored(BOX + agent)?.trim() === text?.trim()) store(BOX + agent, "");
}

/** What was written before, and the cursor behind it. */
function fill(box, text) {
  if (text && !box.value) {
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  box.focus({ preventScroll: true });
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
