// A starting point as a card: of the gallery, and of the dialog for a new agent.

import { h, icon, initial } from "../common/dom.js";
import { say } from "../common/texts.js";

export function starterCard(starter, onclick) {
  return h(
    "button",
    { type: "button", class: "hy-starter", "data-testid": `starter-${starter.id || "blank"}`, onclick },
    h("span", { class: "hy-starter-icon" }, starter.id ? initial(say(starter.name)) : icon("plus", 18)),
    h("span", {}, h("b", {}, say(starter.name)), h("span", { class: "soft" }, say(starter.description))),
  );
}
