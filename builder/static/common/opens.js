// Which pages the reader may open: links lead to those alone.

import { useEffect, useState } from "preact";
import { caller } from "./server.js";

const KEPT = "hy-opens";
const LATER = 500; // ms after the page has begun, which comes first
let asked = null;

/** What was known on the page before, so that nothing moves while it is asked anew. */
function before() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  } catch {
    return null;
  }
}

async function ask() {
  await new Promise((done) => setTimeout(done, LATER));
  const { ok, value } = await caller("bar")("opens", {}, { quiet: true });
  if (!ok) return before();
  sessionStorage.setItem(KEPT, JSON.stringify(value));
  return value;
}

const among = (pages) => (page) => pages?.includes(page) ?? true;

/** What `useOpens` says, as far as it is known by now. */
export const opensNow = () => among(before());

/** Says of a page's path whether it opens; of all, as long as nothing is known. */
export function useOpens() {
  const [pages, setPages] = useState(before);
  useEffect(() => void (asked ??= ask()).then(setPages), []);
  return among(pages);
}
