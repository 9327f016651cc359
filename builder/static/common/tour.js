// The tour: choose, try, publish. A strip below the bar that goes along from page to page and can be left any time.

import { html, useEffect, useRef, useState } from "preact";
import { Button, Link } from "./elements.js";
import { Progress } from "./progress.js";
import { at } from "./root.js";
import { agentId, caller, href } from "./server.js";
import { t } from "./texts.js";

const KEPT = "hy-tour"; // while it goes on, in this window
const STEPS = ["choose", "try", "publish"];
const AT = { "": 0, build: 1, play: 1, tests: 1, publish: 2 }; // the step that a page is of; it comes on no other
const isStep = (here) => here in AT;
const CALLED = "hongyan:tour";

/** From its beginning, or from where one is; from a page that is no step of it, from where it begins. */
export function beginTour(here) {
  sessionStorage.setItem(KEPT, "on");
  if (!isStep(here)) return location.assign(at("./"));
  document.dispatchEvent(new CustomEvent(CALLED));
}

/** The first time it comes by itself: never again after that. */
export function tourComes() {
  if (sessionStorage.getItem(KEPT)) return;
  sessionStorage.setItem(KEPT, "on");
  document.dispatchEvent(new CustomEvent(CALLED, { detail: "by itself" }));
  void caller("bar")("have_read", { keys: ["tour"] }, { quiet: true });
}

export function Tour({ here }) {
  const [on, setOn] = useState(sessionStorage.getItem(KEPT) === "on");
  const box = useRef(null);
  useEffect(() => {
    const over = new AbortController();
    const come = (/** @type {any} */ event) => {
      setOn(true);
      if (!event.detail) requestAnimationFrame(() => box.current?.focus()); // whoever called it goes on there
    };
    document.addEventListener(CALLED, come, over);
    return () => over.abort();
  }, []);
  if (!on || !isStep(here)) return null;
  const leave = () => {
    sessionStorage.setItem(KEPT, "over");
    setOn(false);
  };
  const now = agentId() ? AT[here] : 0;
  const steps = STEPS.map((id, i) => ({ id: `tour-${id}`, label: t(`tour.${id}`), done: i < now }));
  return html`
    <section class="hy-tour" aria-label=${t("tour.title")} data-testid="tour" tabindex="-1" ref=${box}
      onKeyDown=${(event) => event.key === "Escape" && leave()}>
      <${Progress} steps=${steps} />
      <p>${t(`tour.${STEPS[now]}.hint`)}</p>
      <div class="hy-row">
        <${Way} here=${here} now=${now} leave=${leave} />
      </div>
      <${Button} icon="close" look="quiet icon" title=${t("tour.leave")} id="tour-leave" onClick=${leave} />
    </section>
  `;
}

/** How it goes on from there. */
function Way({ here, now, leave }) {
  if (now === 1) {
    return [
      here !== "play" && html`<${Link} label=${t("nav.play")} href=${at(href("play"))} id="tour-play" />`,
      html`<${Link} label=${t("tour.next")} href=${at(href("publish"))} look="primary" id="tour-next" />`,
    ];
  }
  if (now === 2) return html`<${Button} label=${t("tour.done")} look="primary" id="tour-done" onClick=${leave} />`;
  return html`<${Link} label=${t("tour.begin")} href=${at("./#new")} look="primary" icon="plus" id="tour-next" />`;
}
