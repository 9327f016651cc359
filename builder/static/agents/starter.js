// A starting point as a card: of the gallery, and of the dialog for a new agent.

import { html } from "preact";
import { Icon, initial } from "../common/elements.js";
import { say } from "../common/texts.js";

export function StarterCard({ starter, onClick }) {
  const { id, name, description } = starter;
  return html`
    <button type="button" class="hy-starter" data-testid="starter-${id || "blank"}" onClick=${onClick}>
      <span class="hy-starter-icon">${id ? initial(say(name)) : html`<${Icon} name="plus" size=${18} />`}</span>
      <span><b>${say(name)}</b><span class="soft">${say(description)}</span></span>
    </button>
  `;
}
