/** The ground the flow is drawn on: zoom, pan, and where a press becomes a drag. */

import { nameOf } from "./card.js";
import { drag } from "./drag.js";

export const ZOOM = { least: 0.4, most: 1.5, step: 0.1, legible: 0.75 };

export function canvas(editor) {
  const { stage, world } = editor;

  function zoomTo(zoom) {
    editor.zoom = Math.round(Math.max(ZOOM.least, Math.min(ZOOM.most, zoom)) * 100) / 100;
    world.style.zoom = String(editor.zoom);
    editor.redrawBar();
  }

  const toMiddle = () => stage.scrollTo((stage.scrollWidth - stage.clientWidth) / 2, 0);

  /** A wide flow starts small enough to be overlooked, yet legible, and in the middle. */
  function centre() {
    if (editor.view !== "flow") return;
    zoomTo(1);
    const { clientWidth, scrollWidth } = stage;
    const least = editor.narrow ? ZOOM.least : ZOOM.legible;
    if (scrollWidth > clientWidth) zoomTo(Math.max(least, clientWidth / scrollWidth));
    toMiddle();
  }

  /** The whole flow in the window. */
  function fit() {
    zoomTo(1);
    const margin = { x: 48, y: 200 };
    const drawn = world.querySelector(".fe-sequence").getBoundingClientRect();
    zoomTo(Math.min(1, (stage.clientWidth - margin.x) / drawn.width, (stage.clientHeight - margin.y) / drawn.height));
    toMiddle();
  }

  function wheel(event) {
    if (!(event.ctrlKey || event.metaKey) || editor.view !== "flow") return;
    event.preventDefault();
    zoomTo(editor.zoom - Math.sign(event.deltaY) * ZOOM.step);
  }

  /** A press on a card may become a drag; on the empty ground it pans. */
  function press(event) {
    const node = event.target.closest(".fe-card");
    if (node) return pressCard(event, node);
    if (event.target.closest("button") || event.pointerType !== "mouse" || event.button !== 0) return;
    const from = { x: stage.scrollLeft + event.clientX, y: stage.scrollTop + event.clientY };
    const over = new AbortController();
    addEventListener("pointermove", (move) => stage.scrollTo(from.x - move.clientX, from.y - move.clientY), over);
    addEventListener("pointerup", () => over.abort(), over);
  }

  function pressCard(event, node) {
    // A finger on a card scrolls; it drags by the grip.
    if (event.target.closest(".fe-more") || (event.pointerType !== "mouse" && !event.target.closest(".fe-grip"))) {
      return;
    }
    const { id } = node.dataset;
    const { block } = editor.tree.find(editor.flow, id);
    drag(editor, event, {
      node,
      label: nameOf(editor, block),
      drop: ({ list, index }) => editor.moveTo(id, list, index),
      allowed: ({ list, index }) => editor.tree.move(editor.flow, id, list, index) !== editor.flow,
    });
  }

  return { zoomTo, centre, fit, wheel, press, drag: (event, what) => drag(editor, event, what) };
}
