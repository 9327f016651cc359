/** What a widget holds: what was written in it, until something else stands in the flow. */

import { useRef, useState } from "preact";

/**
 * [what is held, write(next)]. `value` is taken once, and again whenever `anew` is another: then the flow says otherwise,
 * as after an undo. The widget stays, and so do its focus and its place on the page.
 */
export function useTaken(value, anew) {
  const held = useRef({ anew, value });
  const [, draw] = useState(0);
  if (held.current.anew !== anew) held.current = { anew, value };
  const write = (next) => {
    held.current = { ...held.current, value: next };
    draw((n) => n + 1);
  };
  return [held.current.value, write];
}
