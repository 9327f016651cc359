/** Dragging with pointer events, alike for mouse, touch and pen. Esc cancels; edges scroll. */

import { scrolledBy, swallowClick } from "./touch.js";

const START = 5; // px a press must move before it is a drag
const REACH = 110; // px from a slot within which it attracts
const EDGE = 56; // px from the edge where scrolling starts

/** Begin: `allowed(spot)` says where it may land, `drop(spot)` is called when it does. */
export function drag(editor, event, { node, label, drop, allowed = () => true }) {
  if (event.button !== 0 || editor.readonly) return;
  const from = { x: event.clientX, y: event.clientY };
  const gesture = { ghost: null, slot: null, at: from, frame: 0, moved: false };
  const over = new AbortController();
  const on = (name, work, options = {}) => addEventListener(name, work, { signal: over.signal, ...options });

  const stop = (landed) => {
    over.abort();
    cancelAnimationFrame(gesture.frame);
    if (!gesture.ghost) return;
    gesture.ghost.remove();
    node.classList.remove("lifted");
    gesture.slot?.classList.remove("hot");
    editor.root.classList.remove("dragging");
    swallowClick();
    if (landed && gesture.slot) drop(gesture.slot.spot);
  };
  on("pointermove", (move) => {
    gesture.at = { x: move.clientX, y: move.clientY };
    if (!gesture.ghost) {
      if (Math.hypot(gesture.at.x - from.x, gesture.at.y - from.y) < START) return;
      lift(editor, gesture, node, label);
      frames(editor, gesture, allowed);
    }
    move.preventDefault();
    gesture.moved = true; // aimed once a frame
  }, { passive: false });
  on("pointerup", () => {
    if (gesture.ghost) aim(editor, gesture, allowed);
    stop(true);
  });
  on("pointercancel", () => stop(false));
  on("keydown", (key) => {
    if (key.key !== "Escape") return;
    key.stopPropagation();
    stop(false);
  }, { capture: true });
}

function lift(editor, gesture, node, label) {
  gesture.ghost = Object.assign(document.createElement("div"), { className: "fe-ghost", ariaHidden: "true" });
  gesture.ghost.append(node.querySelector(".fe-tile")?.cloneNode(true) ?? "", label);
  editor.root.append(gesture.ghost);
  editor.root.classList.add("dragging");
  node.classList.add("lifted");
  getSelection()?.removeAllRanges();
}

function aim(editor, gesture, allowed) {
  const { ghost, at } = gesture;
  ghost.style.transform = `translate(${at.x + 12}px, ${at.y + 10}px)`;
  let best = null;
  let nearest = REACH;
  const stage = editor.stage.getBoundingClientRect();
  const above = at.x > stage.left && at.x < stage.right && at.y > stage.top && at.y < stage.bottom;
  for (const slot of above ? editor.stage.querySelectorAll(".fe-slot:not(.plain)") : []) {
    const box = slot.getBoundingClientRect();
    const aside = Math.max(0, Math.abs(at.x - box.x - box.width / 2) - box.width / 2);
    const far = Math.hypot(aside, at.y - box.y - Math.min(box.height, 44) / 2);
    if (far < nearest && allowed(slot.spot)) [best, nearest] = [slot, far];
  }
  const hot = editor.stage.querySelector(".fe-slot.hot");
  if (hot !== best) {
    hot?.classList.remove("hot");
    best?.classList.add("hot");
  }
  gesture.slot = best;
}

/** In each frame: scroll at the edges, and aim where something moved. */
function frames(editor, gesture, allowed) {
  const isPage = scrolledBy(editor) !== editor.stage;
  const step = () => {
    const box = isPage
      ? { top: 0, bottom: innerHeight, left: 0, right: innerWidth }
      : editor.stage.getBoundingClientRect();
    const down = pull(gesture.at.y, box.top, box.bottom);
    const right = pull(gesture.at.x, box.left, box.right);
    if (down) scrolledBy(editor).scrollBy(0, down);
    if (right) editor.stage.scrollBy(right, 0);
    if (gesture.moved || down || right) aim(editor, gesture, allowed);
    gesture.moved = false;
    gesture.frame = requestAnimationFrame(step);
  };
  aim(editor, gesture, allowed);
  gesture.frame = requestAnimationFrame(step);
}

/** px to scroll in a frame: more the nearer the edge, none outside the box by far. */
function pull(at, low, high) {
  if (at < low - EDGE || at > high + EDGE) return 0;
  if (at < low + EDGE) return -Math.ceil((low + EDGE - at) / 5);
  return at > high - EDGE ? Math.ceil((at - high + EDGE) / 5) : 0;
}
