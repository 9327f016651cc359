// Who goes by keys stays where they were, also when the button that they pressed is gone by then.

import { useEffect, useRef } from "preact";

/** A ref for what changes with `what`: if the focus was in it, and is nowhere afterwards, its heading has it. */
export function useFocusStays(what) {
  const ref = useRef();
  const was = Boolean(ref.current?.contains(document.activeElement)); // before what is drawn now replaces it
  useEffect(() => {
    if (!was || ref.current.contains(document.activeElement)) return;
    const heading = ref.current.querySelector("h2");
    heading.tabIndex = -1;
    heading.focus();
  }, [what]);
  return ref;
}
