/** The ground the flow is drawn on: zoom, pan, and where a press becomes a drag. */

import { nameOf } from "./card.js";
import { bound } from "./dom.js";
import { drag } from "./drag.js";

export const ZOOM = { least: 0.4, most: 1.5, step: 0.1, legible: 0.75 };

function zoomTo(editor, zoom) {
  editor.zoom = Math.round(Math.max(ZOOM.least, Math.min(ZOOM.most, zoom)) * 100) / 100;
  editor.world.style.zoom = String(editor.zoom);
  editor.redrawBar();
}

const toMiddle = ({ stage }) => stage.scrollTo((stage.scrollWidth - stage.clientWidth) / 2, 0);

/** A wide flow starts small enough to be overlooked, yet legible, and in the middle. */
function centre(editor) {
  if (editor.view !== "flow") return;
  zoomTo(editor, 1);
  const { clientWidth, scrollWidth } = editor.stage;
  const least = editor.narrow ? ZOOM.least : ZOOM.legible;
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
  zoomTo(editor, editor.zoom - Math.sign(event.deltaY) * ZOOM.step);
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

function pressCard(editor, event, node) {
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

/** What the editor can do with its ground, bound to it. */
export const canvas = (editor) => bound(editor, { zoomTo, centre, fit, wheel, press, drag });
