// What is proposed and not decided: accepted or undone, one by one or all.

import { html } from "preact";
import { confirmed } from "../common/dialog.js";
import { Button, Icon } from "../common/elements.js";
import { listed, say, t } from "../common/texts.js";

export function Changes({ talk }) {
  const { changes, running } = talk.state;
  const all = changes.map(({ number }) => number);
  return html`
    <section class="hy-describe-changes" aria-label=${t("describe.changes", { count: all.length })}
      data-testid="describe-changes">
      <header class="hy-row apart">
        <b>${t("describe.changes", { count: all.length })}</b>
        <div class="hy-row">
          <${Button} label=${t("describe.undo_all")} look="quiet" id="describe-undo-all" disabled=${running}
            onClick=${() => talk.undo(all)} />
          <${Button} label=${t("describe.accept_all")} look="primary" icon="check" id="describe-accept-all"
            disabled=${running} onClick=${() => accept(talk, changes)} />
        </div>
      </header>
      <ol>${changes.map((one) => html`<${Change} key=${one.number} talk=${talk} one=${one} />`)}</ol>
    </section>
  `;
}

function Change({ talk, one }) {
  const { running } = talk.state;
  const words = say(one.words);
  return html`
    <li class=${one.test ? "test" : ""}>
      <span>
        ${words}
        ${one.powers.map((power) =>
          html`<small class="power" key=${say(power)}><${Icon} name="warning" size=${13} />${say(power)}</small>`
        )}
      </span>
      <${Button} icon="check" look="quiet icon" title=${t("describe.accept", { what: words })} disabled=${running}
        id="describe-accept-${one.number}" onClick=${() => accept(talk, [one])} />
      <${Button} icon="close" look="quiet icon" title=${t("describe.undo", { what: words })} disabled=${running}
        id="describe-undo-${one.number}" onClick=${() => talk.undo([one.number])} />
    </li>
  `;
}

/** What the agent may do then, its owner is asked for. */
async function accept(talk, changes) {
  const powers = changes.flatMap((one) => one.powers.map(say));
  if (powers.length) {
    const sure = await confirmed(t("describe.allow"), listed(powers), t("describe.allow.do"));
    if (!sure) return;
  }
  await talk.accept(changes.map(({ number }) => number));
}
