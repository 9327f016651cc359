/** The ground the flow is drawn on: zoom, pan, and where a press becomes a drag. */

import { nameOf } from "./card.js";
import { bound } from "./dom.js";
import { drag } from "./drag.js";
import { hold } from "./touch.js";

export const ZOOM = { least: 0.2, most: 1.5, step: 0.1, legible: 0.75, narrow: 0.4 };

/** Zoom, with what is at `at` (in the window; by default in the middle) staying where it is. */
function zoomTo(editor, zoom, at = null) {
  const { stage, world } = editor;
  const box = stage.getBoundingClientRect();
  const [x, y] = at ? [at.x - box.left, at.y - box.top] : [stage.clientWidth / 2, stage.clientHeight / 2];
  const before = editor.zoom;
  editor.zoom = Math.round(Math.max(ZOOM.least, Math.min(ZOOM.most, zoom)) * 100) / 100;
  if (editor.zoom !== before) {
    const by = editor.zoom / before;
    const top = world.offsetTop;
    const next = [(stage.scrollLeft + x) * by - x, (stage.scrollTop + y - top) * by + top - y];
    // Scaled, and not laid out anew; no variable, which every block would be asked about.
    Object.assign(world.style, { transform: `scale(${editor.zoom})`, width: `${100 / editor.zoom}%` });
    stage.scrollTo(...next);
  }
  editor.redrawBar();
  editor.drawMap?.();
}

const toMiddle = ({ stage }) => stage.scrollTo((stage.scrollWidth - stage.clientWidth) / 2, 0);

/** A wide flow starts small enough to be overlooked, yet legible, and in the middle. */
function centre(editor) {
  if (editor.view !== "flow") return;
  zoomTo(editor, 1);
  const { clientWidth, scrollWidth } = editor.stage;
  const least = editor.narrow ? ZOOM.narrow : ZOOM.legible;
  if (scrollWidth > clientWidth) zoomTo(editor, Math.max(least, clientWidth / scrollWidth));
  toMiddle(editor);
}

/** The whole flow in the window. */
function fit(editor) {
  zoomTo(editor, 1);
  const margin = { x: 48, y: 200 };
  const drawn = editor.world.querySelector(".fe-sequence").getBoundingClientRect();
  zoomTo(
    editor,
    Math.min(
      1,
      (editor.stage.clientWidth - margin.x) / drawn.width,
      (editor.stage.clientHeight - margin.y) / drawn.height,
    ),
  );
  toMiddle(editor);
}

function wheel(editor, event) {
  if (!(event.ctrlKey || event.metaKey) || editor.view !== "flow") return;
  event.preventDefault();
  // A notch of a wheel is a step; two fingers on a pad send many small ones.
  const step = Math.max(-ZOOM.step, Math.min(ZOOM.step, event.deltaY / 100));
  zoomTo(editor, editor.zoom - (Math.abs(event.deltaY) >= 50 ? Math.sign(step) * ZOOM.step : step), {
    x: event.clientX,
    y: event.clientY,
  });
}

/** A press on a card may become a drag; on the empty ground it pans. */
function press(editor, event) {
  const node = event.target.closest(".fe-card");
  if (node) return pressCard(editor, event, node);
  if (event.target.closest("button") || event.pointerType !== "mouse" || event.button !== 0) return;
  const from = { x: editor.stage.scrollLeft + event.clientX, y: editor.stage.scrollTop + event.clientY };
  const over = new AbortController();
  addEventListener("pointermove", (move) => editor.stage.scrollTo(from.x - move.clientX, from.y - move.clientY), over);
  addEventListener("pointerup", () => over.abort(), over);
}

/** A mouse drags at once; a finger by the grip, or after a long press: it scrolls else. */
function pressCard(editor, event, node) {
  if (event.target.closest(".fe-more")) return;
  const { id } = node.dataset;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // it is marked
  if (event.pointerType === "mouse" || event.target.closest(".fe-grip")) return lift(editor, event, node, id);
  hold(editor, event, node, { lift: (at) => lift(editor, at, node, id), mark: () => editor.markOne(id) });
}

function lift(editor, event, node, id) {
  const { block } = editor.tree.find(editor.flow, id);
  const moving = editor.meant(id);
  drag(editor, event, {
    node,
    label: moving.length > 1 ? editor.t("marked", { n: moving.length }) : nameOf(editor, block),
    drop: ({ list, index }) => editor.moveTo(id, list, index),
    allowed: ({ list, index }) => editor.tree.moveAll(editor.flow, moving, list, index) !== editor.flow,
  });
}

/** What the editor can do with its ground, bound to it. */
export const canvas = (editor) => bound(editor, { zoomTo, centre, fit, wheel, press, drag });
