// A turn of the playground on its way to the flow: kept for this window.

const PREFIX = "hongyan:turn:";
const MOST = 3_000_000; // characters

/** `turn`: {events, asked}. Whether there was room for it. */
export function keepTurn(agent, turn) {
  try {
    const text = JSON.stringify(turn);
    if (text.length > MOST) return false;
    sessionStorage.setItem(PREFIX + agent, text);
    return true;
  } catch {
    return false; // no room, or no store
  }
}

export function keptTurn(agent) {
  try {
    const turn = JSON.parse(sessionStorage.getItem(PREFIX + agent));
    return Array.isArray(turn?.events) ? { asked: "", ...turn } : null;
  } catch {
    return null;
  }
}

/** "#turn" or "#turn=BLOCK" in the address: which block is looked at; null where no turn is. */
export const turnWanted = () => {
  const found = /^#turn(?:=(\w+))?$/.exec(location.hash);
  return found && (found[1] ?? "");
};
