// What somebody may do: in sentences, page by page, and deed by deed with the role that gives it.

import { html, useState } from "preact";
import { Dialog } from "../common/dialog.js";
import { Button, Callout, Icon } from "../common/elements.js";
import { useLoad } from "../common/load.js";
import { Segments } from "../common/segments.js";
import { caller } from "../common/server.js";
import { listed, say, t } from "../common/texts.js";
import { allowedBy, byPlace, difference, whyOf } from "./allowed.js";
import { agentsOf, changeOf, nameOf, roleOf } from "./said.js";

const PAGES = { "": "nav.agents", prompts: "nav.prompts", bases: "nav.bases", models: "nav.models" };
const MORE = { safety: "nav.safety", insights: "nav.insights", build: "nav.build", play: "nav.play" };
const REST = { tests: "nav.tests", publish: "nav.publish", people: "office.people", sso: "office.sso" };
const LAST = { limits: "office.limits", privacy: "office.privacy", audit: "office.audit", security: "office.security" };
const NAMES = { ...PAGES, ...MORE, ...REST, ...LAST, deleted: "deleted.title" }; // as the bar has them

const givenTo = (one) => [...one.roles, ...one.mapped];

export function AbleDialog({ one, all, close }) {
  const [by, setBy] = useState("page");
  const allowed = allowedBy(givenTo(one), all);
  const footer = [html`<${Button} label=${t("common.close")} onClick=${() => close()} />`];
  const ways = ["page", "deed"].map((id) => ({ id, label: t(`people.by_${id}`), testid: `by-${id}` }));
  const name = nameOf(one);
  return html`
    <${Dialog} title=${t("people.why_of", { name })} close=${close} footer=${footer} id="why-dialog" size="wide">
      <div class="hy-stack">
        ${!one.enabled && html`<${Callout} tone="warn" title=${t("people.why_disabled")} />`}
        <${Sentences} name=${name} allowed=${allowed} all=${all} />
        <${Segments} options=${ways} chosen=${by} onChoose=${setBy} label=${t("people.why")} />
        ${by === "page"
          ? html`
            <${ByPage} allowed=${allowed} all=${all} />
          `
          : html`
            <${ByDeed} one=${one} allowed=${allowed} all=${all} />
          `}
      </div>
      </${Dialog}>
  `;
}

/** "On everything: … On these: …": one sentence a place. */
export function Sentences({ name, allowed, all: { permissions, agents } }) {
  const words = (ids) => listed(permissions.filter(({ id }) => ids.includes(id)).map((one) => say(one.words)));
  const places = byPlace(allowed);
  if (!places.length) return html`<p data-testid="able">${t("people.able_nothing", { name })}</p>`;
  return html`<div class="hy-stack tight" data-testid="able">${
    places.map(({ where, ids }) =>
      html`<p key=${where}>${
        where
          ? t("people.able_on", { name, agents: agentsOf(where, agents), may: words(ids) })
          : t("people.able", { name, may: words(ids) })
      }</p>`
    )
  }</div>`;
}

function ByPage({ allowed, all }) {
  const { value, instead } = useLoad(caller("bar"), "every_page", {}, { part: true });
  if (instead) return instead;
  const rows = Object.keys(NAMES).flatMap((page) => value.filter((one) => one.page === page));
  const words = (ids) => all.permissions.filter(({ id }) => ids.includes(id));
  const row = ({ page, opens, deeds }) => {
    const open = opens in allowed;
    const can = words(deeds.filter((id) => id !== opens && id in allowed));
    const cannot = words(deeds.filter((id) => id !== opens && !(id in allowed)));
    return html`
      <tr key=${page} data-testid="page-${page || "home"}">
        <td>${t(NAMES[page])}</td>
        <td>${open ? html`<${Where} where=${allowed[opens]} all=${all} />` : html`<${No} word="people.closed" />`}</td>
        <td>${open && can.map(({ id, words: said }) => html`<p key=${id}>${say(said)}${here(allowed[id], all)}</p>`)}
          ${open && cannot.length > 0 &&
            html`<p class="faint">${
              t("people.not_there", { what: listed(cannot.map((one) => say(one.words))) })
            }</p>`}</td>
      </tr>
    `;
  };
  return table(["people.page", "people.opens", "people.can_there"], rows.map(row));
}

const here = (where, { agents }) => (where ? ` (${agentsOf(where, agents)})` : "");

function ByDeed({ one, allowed, all }) {
  const row = ({ id, words }) =>
    html`
      <tr key=${id} data-testid="deed-${id}">
        <td>${say(words)}</td>
        <td>${id in allowed ? html`<${Where} where=${allowed[id]} all=${all} />` : html`<${No} word="roles.no" />`}</td>
        <td>${listed(whyOf(id, givenTo(one), all).map((given) => roleOf(given, all)))}</td>
      </tr>
    `;
  return table(["people.may", "people.where", "people.by"], all.permissions.map(row));
}

const table = (names, rows) =>
  html`
    <table class="hy-report hy-able">
      <thead>
        <tr>${names.map((name) => html`<th key=${name} scope="col">${t(name)}</th>`)}</tr>
      </thead>
      <tbody>${rows}</tbody>
    </table>
  `;

const Where = ({ where, all }) =>
  html`<span class="hy-yes"><${Icon} name="check" size=${14} /> ${
    where ? agentsOf(where, all.agents) : t("people.everywhere")
  }</span>`;

const No = ({ word }) => html`<span class="faint">${t(word)}</span>`;

/** What other roles would change for somebody, said before it is saved. */
export function Change({ one, given, all }) {
  const before = allowedBy(one ? givenTo(one) : [], all);
  const after = allowedBy([...given, ...(one?.mapped ?? [])], all);
  const { come, gone } = difference(before, after);
  const same = one && JSON.stringify(sorted(one.roles)) === JSON.stringify(sorted(given));
  if (same) return html`<p class="faint" role="status">${t("people.same")}</p>`;
  const lines = (of, sign, kind) =>
    of.length > 0 &&
    html`<ul class=${kind}>${
      inOrder(of, all).map((each) => html`<li key=${each.id}><b>${sign}</b> ${changeOf(each, all)}</li>`)
    }</ul>`;
  return html`
    <section class="hy-pending still" data-testid="difference" aria-label=${t("people.then")}>
      <h3 role="status">${t(come.length || gone.length ? "people.then" : "people.then_same")}</h3>
      ${lines(come, "+", "come")}${lines(gone, "−", "gone")}
      ${one?.is_me && gone.length > 0 && html`<${Callout} tone="warn" title=${t("people.from_me")} />`}
    </section>
  `;
}

/** As the table of roles has them. */
const inOrder = (of, { permissions }) => permissions.flatMap(({ id }) => of.filter((each) => each.id === id));

/** Roles as the server takes them, whatever order they were ticked in. */
export const sorted = (given) => [...given].sort((one, other) => (one.role < other.role ? -1 : 1));
