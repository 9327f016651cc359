// A page, or a part of one, instead of what stands there until its script is loaded.

import { render } from "preact";

export function show(view, element) {
  element.replaceChildren();
  render(view, element);
}
