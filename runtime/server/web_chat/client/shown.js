// An answer as nodes of the page: text in plain elements. Nothing in it becomes HTML, nothing in it acts.

import { html, useMemo, useState } from "preact";
import { blocks, pieces, plain } from "./markdown.js";

const REL = "noopener noreferrer nofollow";
const HOST = /(?:https?:\/\/)?([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)/u;

/** `base`: our server, whose pictures are shown; those from elsewhere would tell who reads. */
export function Shown({ text, base }) {
  const parts = useMemo(() => pieces(plain(text)), [text]);
  return html`<div class="prose">${
    parts.map((part, i) => html`<${Piece} key=${i} text=${part} base=${base} />`)
  }</div>`;
}

function Piece({ text, base }) {
  return useMemo(() => blocks(text).map((one, i) => block(one, base, i)), [text, base]);
}

function block(one, base, key) {
  const inner = (nodes) => nodes.map((node, i) => inlined(node, base, i));
  switch (one.is) {
    case "h":
      return html`<p key=${key} class="heading" role="heading" aria-level=${Math.min(6, one.size + 2)}>${
        inner(one.inner)
      }</p>`;
    case "hr":
      return html`<hr key=${key} />`;
    case "pre":
      return html`<pre key=${key} tabindex="0"><code>${one.text}</code></pre>`;
    case "blockquote":
      return html`<blockquote key=${key}>${one.inner.map((child, i) => block(child, base, i))}</blockquote>`;
    case "table":
      return html`<${Table} key=${key} ...${one} inner=${inner} />`;
    case "ul":
    case "ol": {
      const items = one.items.map((item, i) =>
        html`<li key=${i}>${item.map((child, n) => block(child, base, n))}</li>`
      );
      return one.is === "ul"
        ? html`<ul key=${key}>${items}</ul>`
        : html`<ol key=${key} start=${one.start}>${items}</ol>`;
    }
    default:
      return html`<p key=${key}>${inner(one.inner)}</p>`;
  }
}

const Table = ({ head, rows, inner }) =>
  html`
    <div class="wide" tabindex="0">
      <table>
        <thead>
          <tr>${head.map((cell, i) => html`<th key=${i}>${inner(cell)}</th>`)}</tr>
        </thead>
        <tbody>${rows.map((row, n) =>
          html`<tr key=${n}>${row.map((cell, i) => html`<td key=${i}>${inner(cell)}</td>`)}</tr>`
        )}</tbody>
      </table>
    </div>
  `;

function inlined(node, base, key) {
  if (typeof node === "string") return node;
  const inner = () => node.inner.map((child, i) => inlined(child, base, i));
  switch (node.is) {
    case "br":
      return html`<br key=${key} />`;
    case "code":
      return html`<code key=${key}>${node.text}</code>`;
    case "a":
      return anchor(node, base, key, inner());
    case "img":
      return html`<${Picture} key=${key} ...${node} base=${base} />`;
    case "strong":
      return html`<strong key=${key}>${inner()}</strong>`;
    case "em":
      return html`<em key=${key}>${inner()}</em>`;
    case "s":
      return html`<s key=${key}>${inner()}</s>`;
    default:
      return html`<span key=${key}>${inner()}</span>`;
  }
}

/** A link to another place, which says where it leads when its words name another. */
function anchor({ href, inner: words }, base, key, inner) {
  const url = address(href, base);
  if (!url) return html`<span key=${key}>${inner}</span>`;
  const named = HOST.exec(words.map((one) => (typeof one === "string" ? one : "")).join(""))?.[1];
  const where = named && url.hostname && named.toLowerCase() !== url.hostname ? ` (${url.hostname})` : "";
  return html`
    <a key=${key} href=${url.href} target="_blank" rel=${REL}
      title=${url.href.slice(0, 200)}>${inner}${where}</a>
  `;
}

/** Where a link leads that may be followed, or null. */
export function address(href, base) {
  try {
    const url = new URL(href, base);
    const isPath = href.startsWith("/");
    if (isPath) return url.origin === new URL(base).origin ? url : null;
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** A picture of our own server's; any other is a link to it. */
function Picture({ src, text, base }) {
  const [gone, setGone] = useState(false);
  const url = address(src, base);
  if (!url || !/^https?:$/.test(url.protocol)) return text;
  if (gone || url.origin !== new URL(base).origin) {
    return html`<a href=${url.href} target="_blank" rel=${REL}>${text || url.hostname}</a>`;
  }
  return html`<a href=${url.href} target="_blank" rel=${REL}><img src=${url.href} alt=${text} loading="lazy"
    referrerpolicy="no-referrer" onError=${() => setGone(true)} /></a>`;
}
