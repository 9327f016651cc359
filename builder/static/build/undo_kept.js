// Undo and redo of the flow, kept for this window: a reload does not take them away.

const PREFIX = "hongyan:undo:";
const MOST = 1_000_000; // characters

/** `history`: {past, now, future}, each a flow or flows; of a long past the oldest steps are left out. */
export function keepUndo(agent, history) {
  try {
    let { past } = history;
    let text = JSON.stringify({ ...history, past });
    while (text.length > MOST && past.length) {
      past = past.slice(Math.ceil(past.length / 2));
      text = JSON.stringify({ ...history, past });
    }
    if (text.length <= MOST) sessionStorage.setItem(PREFIX + agent, text);
    else sessionStorage.removeItem(PREFIX + agent);
  } catch {
    // no room, or no store: then a reload ends undo
  }
}

/** The steps that lead to `flow`; null when what is kept leads elsewhere. */
export function keptUndo(agent, flow) {
  try {
    const history = JSON.parse(sessionStorage.getItem(PREFIX + agent));
    const fits = Array.isArray(history?.past) && Array.isArray(history.future);
    return fits && JSON.stringify(history.now) === JSON.stringify(flow) ? history : null;
  } catch {
    return null;
  }
}
