// A case that was written goes among those that others saved meanwhile.

export function putIn(suite, one) {
  const place = suite.cases.findIndex((other) => other.id === one.id);
  return { ...suite, cases: place < 0 ? [...suite.cases, one] : suite.cases.with(place, one) };
}

/** As what a case goes among those that others have saved meanwhile; null where they changed it, too. */
export function meeting(before, one, now) {
  const [was, is] = [before, now].map((cases) => cases.find((other) => other.id === one.id));
  if (!was) return { one: is ? { ...one, id: freeId(now) } : one };
  if (!is) return { one, was_deleted: true };
  return JSON.stringify(was) === JSON.stringify(is) ? { one } : null;
}

export function freeId(cases) {
  let number = cases.length + 1;
  while (cases.some((one) => one.id === `case-${number}`)) number++;
  return `case-${number}`;
}
