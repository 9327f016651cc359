// One place where a chat went several ways, and from one to the other.

import { html } from "preact";
import { Button } from "../common/elements.js";
import { t } from "../common/texts.js";

/** `go(end)`: to the turn at the end of another way. */
export function Fork({ fork, runs, go }) {
  const { question, chosen, ends } = fork;
  const to = (place) => go(ends[place]);
  const way = chosen < 0 ? t("fork.ahead") : t("fork.at", { n: chosen + 1, of: ends.length });
  return html`
    <div class="hy-fork" role="group" aria-label=${`${question} ${way}`} data-testid="fork">
      <span class="faint">${question}</span>
      ${chosen >= 0 &&
        html`
          <${Button} icon="up" look="quiet icon" title=${t("fork.before")} id="fork-before"
            disabled=${runs || chosen === 0} onClick=${() => to(chosen - 1)} />
        `}
      <span class="hy-fork-at">${way}</span>
      <${Button} icon="down" look="quiet icon" title=${t(chosen < 0 ? "fork.on" : "fork.after")} id="fork-after"
        disabled=${runs || chosen === ends.length - 1} onClick=${() => to(chosen < 0 ? ends.length - 1 : chosen + 1)} />
    </div>
  `;
}
