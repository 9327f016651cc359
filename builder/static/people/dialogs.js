// Let somebody in, and say which roles they have.

import { html, useState } from "preact";
import { CopyField } from "../common/copy.js";
import { Dialog } from "../common/dialog.js";
import { Button, Callout } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { at } from "../common/root.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";
import { undoable } from "../common/undo.js";
import { Change, sorted } from "./able.js";
import { merged } from "./allowed.js";
import { Pick } from "./pick.js";
import { nameOf } from "./said.js";

export function InviteDialog({ call, all, close }) {
  const [id, setId] = useState("");
  const [name, setName] = useState("");
  const [given, setGiven] = useState([]);
  const [wrong, setWrong] = useState(null);
  const invite = async () => {
    const answer = await call("invite", { id, name, roles: sorted(given) });
    if (answer.ok) close(answer.value);
    else setWrong(answer);
  };
  const of = (field) => (wrong?.field === field ? say(wrong.text) : "");
  const does = { label: t("people.invite"), id: "invite-do", onClick: invite };
  return html`
    <${Dialog} title=${t("people.invite")} close=${close} does=${does} id="invite-dialog">
      ${wrong && !["id"].includes(wrong.field) && html`<${Callout} tone="bad" title=${say(wrong.text)} />`}
      <${Field} id="invite-id" label=${t("people.id")} hint=${t("people.id.hint")} wrong=${of("id")}>
        <${Input} id="invite-id" value=${id} onChange=${setId} wrong=${of("id")} autocapitalize="none" />
        </${Field}>
        <${Field} id="invite-name" label=${t("people.name")} optional>
          <${Input} id="invite-name" value=${name} onChange=${setName} maxlength="60" />
          </${Field}>
          <${Pick} given=${given} change=${setGiven} roles=${all.roles} agents=${all.agents} />
          ${given.length === 0
            ? html`
              <p class="faint" role="status">${t("people.no_role")}</p>
            `
            : html`
              <${Change} one=${null} given=${given} all=${all} />
            `}
        </${Dialog}>
  `;
}

export function LinkDialog({ path, close }) {
  const footer = [html`<${Button} label=${t("common.close")} look="primary" onClick=${() => close()} />`];
  return html`
    <${Dialog} title=${t("people.link.title")} close=${close} footer=${footer} id="link-dialog">
      <p>${t("people.link.hint")}</p>
      <${CopyField} id="invitation" value=${at(path)} aria-label=${t("people.link.title")} />
      </${Dialog}>
  `;
}

/** Roles of somebody; where another changed them meanwhile, mine are shown upon theirs. */
export function RolesDialog({ call, one: seen, all, close }) {
  const [one, setOne] = useState(seen);
  const [given, setGiven] = useState(seen.roles);
  const [wrong, setWrong] = useState(null);
  const save = async () => {
    const answer = await call("give_roles", { id: one.id, roles: sorted(given), before: one.roles });
    if (answer.ok) {
      const back = () => call("give_roles", { id: one.id, roles: one.roles, before: given }).then(told).then(all.again);
      undoable(say(answer.text), back);
      return close(true);
    }
    setWrong(answer);
    if (answer.code !== "Changed") return;
    const fresh = await call("overview");
    const now = fresh.ok && fresh.value.people.find(({ id }) => id === one.id);
    if (!now) return;
    setGiven(merged(one.roles, given, now.roles));
    setOne(now);
  };
  const does = { label: t("common.save"), id: "roles-save", onClick: save };
  const stays = one.is_owner && all.owners === 1 ? { owner: t("people.last_owner") } : {};
  const isMeanwhile = wrong?.code === "Changed";
  return html`
    <${Dialog} title=${t("people.roles_of", { name: nameOf(one) })} close=${close} does=${does} id="roles-dialog">
      ${wrong && html`
        <${Callout} tone=${isMeanwhile ? "warn" : "bad"} detail=${isMeanwhile ? t("roles.meanwhile.hint") : ""}
          title=${isMeanwhile ? t("people.meanwhile") : say(wrong.text)} />
      `}
      <${Pick} given=${given} change=${setGiven} roles=${all.roles} agents=${all.agents} stays=${stays} />
      <${Change} one=${one} given=${given} all=${all} />
    </${Dialog}>
  `;
}
