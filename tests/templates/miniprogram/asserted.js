// What a test says, and what it says when it is not so.

export function equal(found, wanted, why = "") {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${why}\n  found  ${a}\n  wanted ${b}`);
}

export function is(fact, why = "") {
  if (!fact) throw new Error(why);
}
