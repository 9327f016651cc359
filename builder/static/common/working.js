// What takes a while: one bar for all of it, which tells what is done, how far it is and for how long, and stops it.

import { html, render, useEffect, useState } from "preact";
import { Button } from "./elements.js";
import { say, t } from "./texts.js";

const AFTER = 500; // ms until it is shown: what is over by then needs no bar

let shown = [];
let count = 0;

/**
 * Work begins; `stop` ends it. `tell({title, stops, done, of})` says how far it is, of 0: nobody knows; `over()` takes
 * it away. It is shown once its title is told.
 */
export function working(stop) {
  const one = { key: ++count, since: Date.now(), said: null, stop, due: false };
  shown = [...shown, one];
  const timer = setTimeout(() => (one.due = true, draw()), AFTER);
  const tell = (said) => (one.said = said, one.due && draw());
  const over = () => {
    clearTimeout(timer);
    shown = shown.filter((other) => other !== one);
    draw();
  };
  return { tell, over };
}

/** In the dialog that is open: beside one, nothing can be clicked. */
function place() {
  const box = document.querySelector(".hy-workings") ??
    Object.assign(document.createElement("div"), { className: "hy hy-workings" });
  const host = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  if (box.parentElement !== host) host.append(box);
  return box;
}

function draw() {
  const due = shown.filter(({ due, said }) => due && said);
  if (!due.length && !document.querySelector(".hy-workings")) return;
  render(due.map((one) => html`<${Line} key=${one.key} one=${one} said=${one.said} />`), place());
}

document.addEventListener("close", () => setTimeout(draw), true); // a dialog goes, and what it held

function Line({ one, said }) {
  const { title, stops, done, of } = said;
  const seconds = useSeconds(one.since);
  const name = say(title);
  return html`<div class="hy-working" data-testid="working">
    <span class="hy-turning" aria-hidden="true"></span>
    <b role="status">${name}</b>
    ${of > 0 && html`<progress max=${of} value=${done} aria-label=${name}></progress>`}
    <span class="faint" aria-hidden="true">${of > 0 ? `${percent(done / of)} · ` : ""}${
    t("working.seconds", { n: seconds })
  }</span>
    ${stops && html`<${Button} label=${t("working.stop")} id="working-stop" onClick=${one.stop} />`}
  </div>`;
}

const percent = (share) => `${Math.floor(100 * share)} %`;

function useSeconds(since) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return Math.floor((now - since) / 1000);
}
