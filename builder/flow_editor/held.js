/** What a form holds: which of its fields have to be drawn anew when the flow changed around it. */

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Of a form that is drawn with that block for the first time; `now`: what it shows its fields by. `drawing`: a number. */
export const holding = (block, drawing) => ({ drawing, now: block, values: block, times: Object.create(null) });

/** The form wrote that block itself: what its fields show is what stands there. */
export function wrote(held, block) {
  held.values = block;
}

/** The panel is drawn again, maybe with another block: each field that shows what is past is drawn otherwise. */
export function follow(held, block, drawing) {
  if (held.drawing === drawing) return; // the form drew itself again
  for (const name of new Set([...Object.keys(held.values), ...Object.keys(block)])) {
    if (!same(held.values[name], block[name])) held.times[name] = (held.times[name] ?? 0) + 1;
  }
  Object.assign(held, { drawing, now: block, values: block });
}

/** Times that a field came to show what was past. */
export const timesOf = (held, name) => held.times[name] ?? 0;
