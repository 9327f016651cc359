// Keys that do something, said by whoever acts on them: the sheet of keys ("?") shows what is said here, and no more.

const known = new Map(); // place → its keys

/**
 * `place`: "everywhere" or a page. `keys`: [{keys, says, press?, run?}]: what is pressed, in words, and the key of the
 * sentence that says what it does, or what gives the sentence. With `press`, {key, mod?, typing?}, it is listened for here and `run` is called;
 * `typing`: also while somebody writes.
 */
export function tell(place, keys) {
  known.set(place, keys);
}

/** [[place, keys]] that work at this page, its own first. */
export const here = (page) => [page, "everywhere"].filter((place) => known.has(place)).map((at) => [at, known.get(at)]);

const TYPING = "input:not([type=checkbox], [type=range], [type=radio]), textarea, select, [contenteditable]";

const meant = ({ press }, event) =>
  press && event.key.toLowerCase() === press.key && Boolean(press.mod) === (event.ctrlKey || event.metaKey) &&
  !event.altKey && (press.typing || !event.target.closest?.(TYPING));

/** Once, by the bar that every page has. */
export function listen(page) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const found = here(page).flatMap(([, keys]) => keys).find((one) => meant(one, event));
    if (!found) return;
    event.preventDefault();
    found.run();
  });
}
