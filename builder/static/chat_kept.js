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
