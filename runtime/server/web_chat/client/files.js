// Files that a visitor sends: how large they may be, and how they are shown without asking anything of a page's policy.

import { html, useEffect, useRef, useState } from "preact";
import { Icon } from "./icons.js";

const SIDE = 640; // pixels that a picture is drawn with at most

/** "image", "voice", "video" or "file", by the type that the browser knows. */
export function kindOf({ type = "" }) {
  const kinds = { image: "image", audio: "voice", video: "video" };
  return kinds[type.split("/")[0]] ?? "file";
}

/** How many bytes such a file may have; 0: none is taken. A picture that is not taken as one may be as a file. */
export function room(takes, blob) {
  return Math.max(takes[kindOf(blob)] ?? 0, takes.file ?? 0);
}

export const takesFiles = (takes) => Boolean(takes.image || takes.file || takes.video);

/** What the browser's dialog offers. */
export const accepted = (takes) =>
  takes.file
    ? ""
    : [takes.image && "image/*", takes.video && "video/*", takes.voice && "audio/*"].filter(Boolean).join();

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** One file of a message. `fetched()`: its bytes. */
export function Attached({ file, fetched, say }) {
  if (file.kind === "image") return html`<${Drawn} file=${file} fetched=${fetched} />`;
  if (file.kind === "voice") return html`<${Heard} file=${file} fetched=${fetched} say=${say} />`;
  const save = async () => {
    const url = URL.createObjectURL(await fetched());
    Object.assign(document.createElement("a"), { href: url, download: file.name || "file" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };
  return html`
    <button type="button" class="attached" title=${say("file.save")} onClick=${() => save().catch(() => null)}>
      <${Icon} name="file" /><span>${file.name || say("file")}</span><small>${size(file.size ?? 0)}</small>
    </button>
  `;
}

/** A picture on a canvas, which no policy of the page around has to allow. */
export function Drawn({ file, fetched }) {
  const canvas = useRef(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let over = false;
    fetched().then(createImageBitmap).then((bitmap) => over || draw(canvas.current, bitmap))
      .catch(() => over || setFailed(true));
    return () => over = true;
  }, [file.id]);
  if (failed) return html`<span class="attached"><${Icon} name="image" /><span>${file.name}</span></span>`;
  return html`<canvas class="drawn" ref=${canvas} role="img" aria-label=${file.name || "image"}></canvas>`;
}

function draw(canvas, bitmap) {
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
}

/** Sound, decoded here: an address of it would need a policy, too. */
function Heard({ file, fetched, say }) {
  const playing = useRef(null);
  const [on, setOn] = useState(false);
  const stop = () => {
    playing.current?.close();
    playing.current = null;
    setOn(false);
  };
  useEffect(() => stop, []);
  const play = async () => {
    const context = playing.current = new AudioContext();
    setOn(true);
    const source = context.createBufferSource();
    source.buffer = await context.decodeAudioData(await (await fetched()).arrayBuffer());
    source.connect(context.destination);
    source.onended = stop;
    source.start();
  };
  return html`
    <button type="button" class="attached" aria-pressed=${on} onClick=${() => (on ? stop() : play().catch(stop))}>
      <${Icon} name=${on ? "stop" : "play"} /><span>${say("voice.yours")}</span><small>${size(file.size ?? 0)}</small>
    </button>
  `;
}
