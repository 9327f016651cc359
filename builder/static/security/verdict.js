// What is to be said of the whole page: of what stands open, and of how the installation is, in one.

/**
 * `condition`: null for who may not look at it; its value null until it is known: before that nobody says that all is
 * well.
 */
export function verdict(points, condition) {
  const tones = [...points.map((one) => one.state), ...(condition?.value ?? []).map(toneOf)];
  const [bad, warn] = ["bad", "warn"].map((tone) => tones.filter((one) => one === tone).length);
  const isOpen = condition !== null && !condition.value;
  const tone = bad ? "bad" : warn || isOpen ? "" : "ok"; // what is only to be decided alarms nobody
  return { tone, bad, warn, isOpen, failed: Boolean(isOpen && condition.answer) };
}

/** Of what the doctor found; "": it cannot be told. */
export function toneOf(one) {
  if (one.ok === null) return "";
  if (!one.ok) return "bad";
  return one.do.en || one.do.zh ? "warn" : "ok";
}
