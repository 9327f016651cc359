/** The whole of a large flow, small, in a corner: where one is, and a press goes there. For eyes only: keys have the search. */

const WIDE = 180; // px of the map at most
const HIGH = 150;
const MANY = 12; // blocks from which it helps

const LATER = 300; // ms without a change after which it is drawn: measuring every card costs, and some still glide

const shownIn = ({ order, status, names, narrow }) => [order, status, names, narrow];

/** `editor.drawMap()` draws it soon, where something of it changed; zoomed, it is the same picture for now. */
export function minimap(editor, signal) {
  const canvas = document.createElement("canvas");
  const frame = Object.assign(document.createElement("div"), { className: "fe-map-frame" });
  editor.map.append(canvas, frame);
  Object.assign(editor.map, { hidden: true }).dataset.testid = "minimap"; // until it is known that the flow is large
  let [waiting, drawn, scale, zoom] = [0, null, 1, 1];
  const follow = () => {
    if (editor.map.hidden) return;
    const { scrollLeft, scrollTop } = editor.stage;
    frame.style.transform = `translate(${scrollLeft * scale}px, ${scrollTop * scale}px)`;
  };
  const frameNow = () => {
    const { clientWidth, clientHeight } = editor.stage;
    Object.assign(frame.style, { width: `${clientWidth * scale}px`, height: `${clientHeight * scale}px` });
    follow();
  };
  const draw = () => {
    const isWanted = editor.view === "flow" && !editor.narrow && editor.order.split(" ").length > MANY;
    editor.map.hidden = !isWanted;
    if (!isWanted) return;
    [drawn, zoom] = [shownIn(editor), editor.zoom];
    scale = paint(editor, canvas);
    frameNow();
  };
  editor.drawMap = () => {
    const isNew = shownIn(editor).some((one, i) => one !== drawn?.[i]);
    if (!isNew && zoom === editor.zoom) return;
    if (zoom !== editor.zoom) {
      [scale, zoom] = [scale * zoom / editor.zoom, editor.zoom];
      frameNow();
    }
    clearTimeout(waiting);
    waiting = setTimeout(draw, LATER);
  };
  signal.addEventListener("abort", () => clearTimeout(waiting));
  editor.stage.addEventListener("scroll", follow, { signal, passive: true });
  const go = (event) => {
    const box = editor.map.getBoundingClientRect();
    const { stage } = editor;
    stage.scrollTo(
      (event.clientX - box.left) / scale - stage.clientWidth / 2,
      (event.clientY - box.top) / scale - stage.clientHeight / 2,
    );
  };
  editor.map.addEventListener("pointerdown", (event) => {
    editor.map.setPointerCapture(event.pointerId);
    go(event);
  }, { signal });
  editor.map.addEventListener("pointermove", (event) => event.buttons && go(event), { signal });
}

/** Each card as a spot of its colour; returns px of the map a px of the ground. */
function paint(editor, canvas) {
  const { stage } = editor;
  const scale = Math.min(WIDE / stage.scrollWidth, HIGH / stage.scrollHeight);
  const size = { width: Math.ceil(stage.scrollWidth * scale), height: Math.ceil(stage.scrollHeight * scale) };
  const sharp = devicePixelRatio || 1;
  Object.assign(canvas, { width: size.width * sharp, height: size.height * sharp });
  for (const node of [canvas, editor.map]) {
    Object.assign(node.style, { width: `${size.width}px`, height: `${size.height}px` });
  }
  const pen = canvas.getContext("2d");
  const from = stage.getBoundingClientRect();
  pen.scale(sharp * scale, sharp * scale);
  pen.translate(stage.scrollLeft - from.left, stage.scrollTop - from.top);
  for (const node of editor.world.querySelectorAll(".fe-card")) {
    const box = node.getBoundingClientRect();
    pen.fillStyle = node.style.getPropertyValue("--c") || "gray";
    pen.globalAlpha = node.classList.contains("off") || node.classList.contains("passed") ? 0.35 : 1;
    pen.fillRect(box.x, box.y, box.width, box.height);
  }
  return scale;
}
