// Names for the controls of Gradio's chat that it leaves without one, or in English whatever the language.

import { t } from "../common/texts.js";

const NAMES = {
  "#ask textarea": "gradio_play_box", // else its button counts as part of its label
  "#ask [aria-label='Multimedia input field']": "gradio_play_box",
  "#ask [aria-label='Upload a file']": "attach.add",
  "#ask .upload-container": "attach.add",
  "#ask [aria-label='Record audio'], #ask [aria-label='Attach audio']": "attach.record",
  "#ask [aria-label='Start recording']": "attach.start",
  "#ask [aria-label='Stop recording']": "attach.end",
  "#ask [aria-label='Clear audio']": "attach.clear",
  "#ask [aria-label='Select input device']": "attach.device",
  "#ask [aria-label='Uploaded files']": "attach.files",
  "#ask [aria-label='Uploading']": "attach.coming",
  "#ask [aria-label='Remove file']": "attach.remove",
  "#ask [aria-label='File thumbnail']": "attach.file",
  "#ask .submit-button": "play.send",
  "#ask .stop-button": "play.stop",
  ".hy-chat [aria-label='']": "play.fold",
  ".hy-chat [aria-label='Fullscreen']": "attach.whole",
  ".hy-chat [aria-label='Exit fullscreen mode']": "attach.part",
  ".hy-chat [aria-label='Play']": "attach.play",
  ".hy-chat [aria-label='Pause']": "attach.pause",
  ".hy-chat [aria-label='Copy message']": "play.copy",
  ".hy-chat [aria-label='Copied message']": "play.copied",
  ".hy-chat [aria-label='Copy conversation']": "play.copy_all",
  ".hy-chat [aria-label='Copied conversation']": "play.copied_all",
  ".hy-chat [aria-label='Clear']": "play.clear", // from here on: of a language that Gradio does not know
  ".hy-chat :is([aria-label='Edit'], [title='Edit'])": "common.edit",
  ".hy-chat :is([aria-label='Retry'], [title='Retry'])": "common.retry",
  ".hy-chat :is([aria-label='Undo'], [aria-label='undo'], [title='Undo'], [title='undo'])": "common.undo",
  ".hy-chat :is([aria-label='Like'], [title='Like'])": "play.like",
  ".hy-chat :is([aria-label='Dislike'], [title='Dislike'])": "play.dislike",
  ".hy-chat [aria-label='Liked']": "play.liked",
  ".hy-chat [aria-label='Disliked']": "play.disliked",
  ".hy-chat [aria-label='chatbot conversation']": "gradio_play_chat",
};

/** Name what is there and what comes: Gradio draws its buttons anew with each message. */
export function nameControls(column) {
  const name = () => {
    for (const [selector, key] of Object.entries(NAMES)) {
      for (const node of column.querySelectorAll(selector)) {
        if (node.ariaLabel === t(key)) continue; // writing would wake the observer again
        node.ariaLabel = t(key);
        if (node.tagName === "BUTTON") node.title = t(key);
      }
    }
    // their own words are their names, in whatever language they are
    for (const node of column.querySelectorAll(`[aria-label^='Select example'], [aria-label*="'s message: "]`)) {
      node.removeAttribute("aria-label");
    }
    // Gradio calls them a list, whose items they are not
    for (const node of column.querySelectorAll(".examples[role=list]")) node.setAttribute("role", "group");
  };
  new MutationObserver(name).observe(column, {
    subtree: true,
    childList: true,
    attributeFilter: ["aria-label"],
  });
  name();
}
