/** Fingers on the flow: a long press lifts a block or marks it, two fingers zoom and move the chart. */

const HELD = 350; // ms after which a press is a long one
const STILL = 10; // px that a finger may tremble meanwhile

/** `lift(at)` when it moves after a long press, `mark()` when it is let go there. A move before scrolls. */
export function hold(editor, event, node, { lift, mark }) {
  editor.letGo?.();
  const from = { x: event.clientX, y: event.clientY };
  const over = new AbortController();
  let isHeld = false;
  const timer = setTimeout(() => {
    isHeld = true;
    editor.isHeld = true; // touchmove scrolls no more
    node.classList.add("held");
    navigator.vibrate?.(12);
  }, HELD);
  const stop = () => {
    clearTimeout(timer);
    over.abort();
    node.classList.remove("held");
    editor.letGo = null;
  };
  const done = () => (stop(), editor.isHeld = false);
  editor.letGo = done;
  addEventListener("pointermove", (move) => {
    if (Math.hypot(move.clientX - from.x, move.clientY - from.y) < STILL) return;
    if (!isHeld) return done();
    stop();
    lift({ button: 0, clientX: move.clientX, clientY: move.clientY });
    const rest = new AbortController();
    for (const name of ["pointerup", "pointercancel"]) {
      addEventListener(name, () => (editor.isHeld = false, rest.abort()), rest);
    }
  }, over);
  addEventListener("pointerup", () => {
    if (isHeld) swallowClick(), mark();
    done();
  }, over);
  addEventListener("pointercancel", done, over);
}

/** What scrolls up and down: on a phone a list is as long as the page. */
export const scrolledBy = ({ narrow, view, stage }) => narrow && view === "list" ? document.scrollingElement : stage;

/** The click that follows a release is not meant as one. */
export function swallowClick(ms = 50) {
  const eat = (click) => click.stopPropagation();
  addEventListener("click", eat, { capture: true });
  setTimeout(() => removeEventListener("click", eat, { capture: true }), ms);
}

const apart = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
const middle = ([a, b]) => ({ x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2 });

/** Two fingers zoom the chart where they are and take it along, and move nothing else of the page. */
export function fingers(editor, signal) {
  let from = null; // {far, zoom, at}
  const { stage } = editor;
  stage.addEventListener("touchstart", ({ touches }) => {
    if (touches.length > 1) editor.letGo?.();
    const isPinch = touches.length === 2 && editor.view === "flow";
    from = isPinch ? { far: apart(touches), zoom: editor.zoom, at: middle(touches) } : null;
  }, { signal, passive: true });
  stage.addEventListener("touchmove", (event) => {
    if (editor.isHeld && event.cancelable) return event.preventDefault();
    if (!from || event.touches.length !== 2) return;
    event.preventDefault();
    const now = middle(event.touches);
    editor.zoomTo(from.zoom * apart(event.touches) / from.far, now);
    stage.scrollBy(from.at.x - now.x, from.at.y - now.y);
    from.at = now;
  }, { signal, passive: false });
  // Where a long press opens the browser's menu, it would take the block away.
  stage.addEventListener("contextmenu", (event) => {
    if (event.pointerType === "touch") event.preventDefault();
  }, { signal });
}
