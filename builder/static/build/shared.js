// What the agent shares out among everybody: a row for each, with how much there is of it.

import { html } from "preact";
import { Button } from "../common/elements.js";
import { Form } from "../common/form.js";
import { t } from "../common/texts.js";

export function SharedPlaces({ work, wrong }) {
  const rows = work.autosave.data.shared || [];
  const schema = work.opened.schema.$defs.SharedPlaces;
  const change = (shared) => work.change({ shared });
  const one = (row, i) =>
    html`
      <div key=${i} class="hy-keyword" role="group" aria-label=${row.title || row.name} data-testid="shared-${i}">
        <${Form} schema=${schema} values=${row} wrong=${wrong[i] || {}} columns onChange=${(next) =>
          change(rows.with(i, next))} />
        <${Button} label=${t("common.remove")} look="quiet" onClick=${() => change(rows.toSpliced(i, 1))} />
      </div>
    `;
  return html`<div class="hy-stack">
    ${rows.map(one)}
    <div><${Button} label=${t("shared.add")} icon="plus" look="quiet" id="add-shared" onClick=${() =>
    change([...rows, { name: freeName(rows) }])} /></div>
  </div>`;
}

function freeName(rows) {
  let n = rows.length + 1;
  while (rows.some((row) => row.name === `places${n}`)) n += 1;
  return `places${n}`;
}
