// Files in the chat are Gradio's parts; what they are called, and how large they are, is told here.

import { sized } from "../common/sized.js";
import { t } from "../common/texts.js";
import { rewrite } from "./deeds.js";

const KEPT = /\/?gradio_api\/file=kept\/[0-9a-f]{64}\/(.*)$/;

/** What is told of a file by its address; null for any other. */
export function told(address) {
  const found = KEPT.exec(address ?? "");
  try {
    return found && JSON.parse(decodeURIComponent(found[1]));
  } catch {
    return null;
  }
}

/** Name what is there and what comes. */
export function tellFiles(column) {
  const tell = () => {
    for (const picture of column.querySelectorAll(".hy-chat img[src*='file=kept/']:not([alt]), .hy-chat img[alt='']")) {
      const name = told(picture.getAttribute("src"))?.name;
      if (name) picture.alt = name;
    }
    for (const link of column.querySelectorAll("a.file-link[href*='file=kept/']")) {
      const size = link.parentElement.querySelector(".file-type");
      const file = told(link.getAttribute("href"));
      if (file && size && !size.dataset.hySize) {
        size.dataset.hySize = "told";
        size.textContent = [size.textContent, sized(file.bytes)].join(" · ");
      }
    }
    for (
      const node of column.querySelectorAll("[aria-label*='a component of type'], [aria-label*='file of extension']")
    ) {
      node.ariaLabel = t("attach.file");
    }
  };
  new MutationObserver(tell).observe(column, { subtree: true, childList: true, attributeFilter: ["src", "href"] });
  column.addEventListener("click", instead, { capture: true });
  tell();
}

/** A question with files is edited in the box, where its files can be changed too. */
function instead(event) {
  const row = event.target.closest?.(".user-row + .message-buttons button")?.closest(".message-buttons")
    .previousElementSibling;
  if (!row?.querySelector(".component")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  rewrite([...row.parentElement.querySelectorAll(".user-row")].indexOf(row));
}
