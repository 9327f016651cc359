// Who works here: let in, given roles, shut out; and the roles that there are.

import { html, useState } from "preact";
import { show } from "../common/show.js";
import { confirmed, open } from "../common/dialog.js";
import { Button, Card, Head, More, Pill } from "../common/elements.js";
import { Empty } from "../common/empty.js";
import { Input } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { openMenu } from "../common/menu.js";
import { caller, told } from "../common/server.js";
import { Line, Table } from "../common/table.js";
import { ago, listed, t } from "../common/texts.js";
import { AbleDialog } from "./able.js";
import { InviteDialog, LinkDialog, RolesDialog } from "./dialogs.js";
import { roleOf } from "./said.js";
import { deedsOf } from "./deeds.js";
import { Keys } from "./keys.js";
import { RolesCard } from "./roles.js";
import { Sessions } from "./sessions.js";

export const mount = ({ element, page }) => show(html`<${People} call=${caller(page)} />`, element);

function People({ call }) {
  const { value, instead, again } = useLoad(call, "overview");
  if (instead) return instead;
  const { may } = value;
  const all = { ...value, again };
  const invite = async () => {
    const made = await open(InviteDialog, { call, all });
    if (!made) return;
    await again();
    await open(LinkDialog, { path: made.path });
  };
  const add = may.people && html`
    <${Button} label=${t("people.invite")} look="primary" icon="plus" id="invite" onClick=${() => void invite()} />
  `;
  return html`
    <div class="hy-page">
      <${Head} title=${t("people.title")} hint=${t("people.hint")}>
        ${value.people.length > 1 && add}
      </${Head}>
        <${Everybody} call=${call} all=${all} again=${again} add=${add} />
        <${RolesCard} call=${call} all=${all} again=${again} />
        ${may.keys && html`<${AllKeys} call=${call} />`}
      </div>
  `;
}

const MANY = 8; // people from which a search field helps

function Everybody({ call, all, again, add }) {
  const { people } = all;
  const [word, setWord] = useState("");
  const wanted = word.trim().toLowerCase();
  const words = (one) => [one.id, one.name, one.email, ...one.roles.map((given) => roleOf(given, all))];
  const seen = people.filter((one) => words(one).join(" ").toLowerCase().includes(wanted));
  return html`
    <${Card} title=${t("people.card")} hint=${people.length > 1 ? t("people.n", { n: people.length }) : ""}>
      ${people.length > MANY && html`
        <div class="hy-people-find">
          <${Input} id="people-word" kind="search" value=${word} onChange=${setWord}
            placeholder=${t("people.find")} aria-label=${t("people.find")} />
        </div>
      `}
      <${Table} data-testid="people">${seen.map((one) =>
        html`<${Person} key=${one.id} call=${call} one=${one} all=${all} again=${again} />`
      )}</${Table}>
      <p class="soft" role="status">${!seen.length && t("people.none_found")}</p>
      ${people.length === 1 && html`<${Empty} of="people">${add}</${Empty}>`}
    </${Card}>
  `;
}

function AllKeys({ call }) {
  const loaded = useLoad(call, "all_keys");
  const make = (wanted) => call("make_program_key", { wanted });
  const revoke = async ({ id, prefix }) => {
    const sure = await confirmed(t("api.revoke.title", { prefix }), t("api.revoke.hint"), t("api.revoke"));
    return sure && told(await call("revoke_any_key", { id }));
  };
  return html`<${Keys} of="programs" loaded=${loaded} make=${make} revoke=${revoke} />`;
}

function Person({ call, one, all, again }) {
  const { id } = one;
  const shown = (answer) => told(answer) && again();
  const rest = deedsOf({ call, one, again });
  const may = all.may.people && one.may_touch;
  const actions = [
    html`<${Button} label=${t("people.why")} id="why" onClick=${() => open(AbleDialog, { one, all })} />`,
    may &&
    html`<${Button} label=${t("people.roles")} id="roles-of" onClick=${async () =>
      (await open(RolesDialog, { call, one, all })) && again()} />`,
    may && html`
      <${Button} icon="more" look="quiet icon" title=${t("nav.more")} id="person-more" aria-haspopup="menu"
        onClick=${({ currentTarget }) => openMenu(currentTarget, t("nav.more"), rest)} />
    `,
  ];
  const end = async (session) => {
    if (!await confirmed(t("people.end.title"), t("people.end.hint"), t("people.end"))) return;
    await shown(await call("end_session", { id, session }));
  };
  const below = one.sessions.length > 0 && html`<${SignedIn} sessions=${one.sessions} end=${may ? end : null} />`;
  return html`
    <${Line} id="person-${id}" actions=${actions} below=${below}>
      <${About} one=${one} all=${all} />
      </${Line}>
  `;
}

const SignedIn = ({ sessions, end }) =>
  html`
    <div class="hy-line-result">
      <${More} title=${t("people.sessions", { n: sessions.length })}>
        <${Sessions} sessions=${sessions} end=${end} />
        </${More}>
        </div>
  `;

function About({ one, all }) {
  const { id, name } = one;
  return html`
    <div class="hy-row">
          <h3>${name || html`<code>${id}</code>`}</h3>
          ${one.is_me && html`<${Pill} tone="accent">${t("people.me")}</${Pill}>`}
          ${one.codes && html`<${Pill} tone="ok">${t("people.codes")}</${Pill}>`}
          ${one.passkeys > 0 && html`<${Pill} tone="ok">${t("people.passkeys", { n: one.passkeys })}</${Pill}>`}
          ${!one.enabled && html`<${Pill} tone="bad">${t("people.disabled")}</${Pill}>`}
          ${one.comes &&
            html`<${Pill} tone="warn">${t(one.link_until ? "people.comes" : "people.link_over")}</${Pill}>`}
        </div>
    <p class="soft">${listed(one.roles.map((given) => roleOf(given, all)))}</p>
    ${one.mapped.length > 0 &&
      html`<p class="soft">${
        t("people.by_provider", { roles: listed(one.mapped.map((given) => roleOf(given, all))) })
      }</p>`}
    <p class="faint">${name && [html`<code key="id">${id}</code>`, " · "]}${one.last_sign_in
      ? t("people.last", { when: ago(one.last_sign_in) })
      : t("people.never")}</p>
  `;
}
