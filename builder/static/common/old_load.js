// What a page opens with: asked for until it is there, with the reason shown meanwhile.

import { whenBack } from "./connection.js";
import { button, callout, h, link } from "./dom.js";
import { say, t } from "./texts.js";

/** The value of that action. While it fails, `element` says why, with "retry" and `more` ways to go on. */
export async function load(element, call, action, args = {}, { hint = "", more = [] } = {}) {
  for (;;) {
    const answer = await call(action, args);
    if (answer.ok) return answer.value;
    const gone = answer.code === "NotFound"; // nothing here can be put right
    await new Promise((again) => {
      const retry = button(t("common.retry"), { id: "load-again", onclick: () => again() });
      const ways = gone ? [link(t("nav.agents"), "./")] : [retry, ...more];
      const page = h(
        "div",
        { class: "hy-page" },
        callout("bad", say(answer.text), answer.offline || gone ? "" : hint, ...ways),
      );
      element.replaceChildren(page);
      if (answer.offline || answer.code === "signed_out") whenBack().then(again);
    });
  }
}
