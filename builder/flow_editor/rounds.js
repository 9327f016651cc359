/** Rounds in a turn: "each.3/inner.2" is the second round of `inner` in the third of `each`. Pure. */

/** [[place, n]] of each round that it is in, outermost first: [["each", 3], ["each.3/inner", 2]]. */
export function steps(within = "") {
  const parts = within ? within.split("/") : [];
  return parts.map((part, i) => {
    const dot = part.lastIndexOf(".");
    return [[...parts.slice(0, i), part.slice(0, dot)].join("/"), Number(part.slice(dot + 1))];
  });
}

/** Of each place its rounds, as a Map: {at, of: [n]}; `at`: the one that is drawn, the last where none is `chosen`. */
export function roundsIn(events, chosen = {}) {
  const found = new Map();
  for (const { within } of events) {
    for (const [place, n] of steps(within)) found.set(place, (found.get(place) ?? new Set()).add(n));
  }
  const rounds = new Map();
  for (const [place, all] of found) {
    const of = [...all].sort((a, b) => a - b);
    rounds.set(place, { at: of.includes(chosen[place]) ? chosen[place] : of.at(-1), of });
  }
  return rounds;
}

/** Whether what happened there is drawn; `beside`: or would be, in another of its innermost rounds. */
export function isDrawn(rounds, within, { beside = false } = {}) {
  const all = steps(within);
  return all.slice(0, beside ? -1 : undefined).every(([place, n]) => rounds.get(place)?.at === n);
}

/** The place of the innermost rounds around it; "" outside of all. */
export const placeOf = (within) => steps(within).at(-1)?.[0] ?? "";

/** The place next to the one that is drawn: its number, or undefined at the end. */
export const nextOf = ({ at, of }, step) => of[of.findIndex(({ n }) => n === at) + step]?.n;
