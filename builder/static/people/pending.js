// What is not saved yet: role by role what comes and goes, whom it concerns, and the ways to go on.

import { html } from "preact";
import { Button, Callout } from "../common/elements.js";
import { listed, say, t } from "../common/texts.js";
import { changeOf, nameOf, some } from "./said.js";

export function Pending({ changes, affected, all, wrong, steps, drop, dropAll, back, on, save }) {
  const count = changes.reduce((sum, one) => sum + (one.come.length + one.gone.length || 1), 0);
  return html`
    <section class="hy-pending" data-testid="pending" aria-label=${t("roles.pending")}>
      <div class="hy-row apart">
        <h3 role="status">${t("roles.pending.n", { n: count })}</h3>
        <div class="hy-row">
          <${Button} icon="undo" look="quiet icon" title=${t(
            "common.undo",
          )} id="roles-back" aria-keyshortcuts="Control+Z"
            disabled=${!steps.past.length} onClick=${back} />
          <${Button} icon="redo" look="quiet icon" title=${t("roles.redo")} id="roles-on" aria-keyshortcuts="Control+Y"
            disabled=${!steps.future.length} onClick=${on} />
          <${Button} label=${t("roles.drop")} id="roles-drop" onClick=${dropAll} />
          <${Button} label=${t(
            "common.save",
          )} look="primary" id="role-save" aria-keyshortcuts="Control+S" onClick=${save} />
        </div>
      </div>
      ${wrong && html`<${Refusal} wrong=${wrong} />`}
      <ul>${changes.map((one) => html`<${Change} key=${one.now.id} one=${one} all=${all} drop=${drop} />`)}</ul>
      <${Concerned} affected=${affected} all=${all} />
    </section>
  `;
}

/** Somebody else was first: what is shown is upon theirs by now. */
function Refusal({ wrong }) {
  const role = say(wrong.role.name);
  if (wrong.code === "Changed") {
    return html`<${Callout} tone="warn" title=${t("roles.meanwhile", { role })} detail=${t("roles.meanwhile.hint")} />`;
  }
  return html`<${Callout} tone="bad" title=${t("roles.refused", { role })} detail=${say(wrong.text)} />`;
}

function Change({ one: { was, now, come, gone, renamed }, all, drop }) {
  const words = (ids) => listed(all.permissions.filter(({ id }) => ids.includes(id)).map((one) => say(one.words)));
  const name = was ? say(was.name) : say(now.name);
  return html`
    <li data-testid="pending-${now.id}">
      <div class="grow"><b>${name}</b>
        ${!was && html`<p>${t("roles.is_new")}</p>`}
        ${renamed && html`<p>${t("roles.is_named", { name: say(now.name) })}</p>`}
        ${come.length > 0 && html`<p class="come"><b>+</b> ${t("roles.comes", { what: words(come) })}</p>`}
        ${gone.length > 0 && html`<p class="gone"><b>−</b> ${t("roles.goes", { what: words(gone) })}</p>`}
      </div>
      <${Button} icon="close" look="quiet icon" title=${t("roles.drop_one", { name })} onClick=${() => drop(now.id)} />
    </li>
  `;
}

/** Whom it concerns: those for whom another of their roles makes up for it are not among them. */
function Concerned({ affected, all }) {
  const me = affected.find(({ one, gone }) => one.is_me && gone.length);
  const people = some(affected.map(({ one }) => nameOf(one)));
  return html`
    <p class="soft" data-testid="concerned">${affected.length
      ? t("roles.concerns", { people })
      : t("roles.concerns_nobody")}</p>
    ${me && html`
      <${Callout} tone="warn" title=${t("people.from_me")}
        detail=${listed(me.gone.map((one) => changeOf(one, all)))} />
    `}
  `;
}
