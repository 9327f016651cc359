// Let somebody in, and say what they may do.

import { html, useState } from "preact";
import { CopyField } from "../common/copy.js";
import { Dialog } from "../common/dialog.js";
import { Button, Callout, Card } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { at } from "../common/root.js";
import { told } from "../common/server.js";
import { listed, say, t } from "../common/texts.js";
import { roleOf } from "./said.js";

/** Which roles, each on everything or on chosen agents. `given`: [{role, agents}]. */
export function Pick({ given, change, roles, agents }) {
  const of = (id) => given.find(({ role }) => role === id);
  const put = (id, value) => change([...given.filter(({ role }) => role !== id), ...(value ? [value] : [])]);
  const toggle = (role, agent) => {
    const on = of(role).agents;
    put(role, { role, agents: on.includes(agent) ? on.filter((one) => one !== agent) : [...on, agent] });
  };
  return html`<fieldset class="hy-checks"><legend>${t("people.roles")}</legend>${
    roles.map(({ id, name, may_give: may }) =>
      html`<div key=${id}>
      <label><input type="checkbox" data-testid="role-${id}" checked=${Boolean(of(id))} disabled=${!may && !of(id)}
        onChange=${() => put(id, of(id) ? null : { role: id, agents: null })} /> ${say(name)}</label>
      ${
        of(id) && agents.length > 0 && html`<div class="hy-checks inner">
        <label><input type="checkbox" data-testid="some-${id}" checked=${of(id).agents !== null}
          onChange=${() => put(id, { role: id, agents: of(id).agents ? null : [] })} /> ${t("people.on_some")}</label>
        ${
          of(id).agents && html`<div class="hy-checks inner">${
            agents.map((one) =>
              html`<label key=${one.id}><input type="checkbox" checked=${of(id).agents.includes(one.id)}
              onChange=${() => toggle(id, one.id)} /> ${one.name}</label>`
            )
          }<p class="faint">${t("people.on_some.hint")}</p></div>`
        }
      </div>`
      }
    </div>`
    )
  }</fieldset>`;
}

/** Roles as the server takes them, whatever order they were ticked in. */
const tidy = (given) => [...given].sort((one, other) => (one.role < other.role ? -1 : 1));

export function InviteDialog({ call, roles, agents, close }) {
  const [id, setId] = useState("");
  const [name, setName] = useState("");
  const [given, setGiven] = useState([]);
  const [wrong, setWrong] = useState(null);
  const invite = async () => {
    const answer = await call("invite", { id, name, roles: tidy(given) });
    if (answer.ok) close(answer.value);
    else setWrong(answer);
  };
  const of = (field) => (wrong?.field === field ? say(wrong.text) : "");
  const footer = [
    html`<${Button} label=${t("common.cancel")} onClick=${() => close()} />`,
    html`<${Button} label=${t("people.invite")} look="primary" id="invite-do" onClick=${invite} />`,
  ];
  return html`
    <${Dialog} title=${t("people.invite")} close=${close} footer=${footer} id="invite-dialog">
      ${wrong && !["id"].includes(wrong.field) && html`<${Callout} tone="bad" title=${say(wrong.text)} />`}
      <${Field} id="invite-id" label=${t("people.id")} hint=${t("people.id.hint")} wrong=${of("id")}>
        <${Input} id="invite-id" value=${id} onChange=${setId} wrong=${of("id")} autocapitalize="none" />
        </${Field}>
        <${Field} id="invite-name" label=${t("people.name")} optional>
          <${Input} id="invite-name" value=${name} onChange=${setName} />
          </${Field}>
          <${Pick} given=${given} change=${setGiven} roles=${roles} agents=${agents} />
          ${given.length === 0 && html`<p class="faint" role="status">${t("people.no_role")}</p>`}
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

/** What comes and what goes, said before it is saved. */
export function Difference({ before, after }) {
  const gone = before.filter((one) => !after.includes(one));
  const come = after.filter((one) => !before.includes(one));
  if (!gone.length && !come.length) return html`<p class="faint">${t("people.same")}</p>`;
  return html`
    <div class="hy-callout" role="status" data-testid="difference">
      <div>
        ${come.length > 0 && html`<p>+ ${listed(come)}</p>`}
        ${gone.length > 0 && html`<p>− ${listed(gone)}</p>`}
      </div>
    </div>
  `;
}

export function RolesDialog({ call, one, close, roles, agents }) {
  const all = { roles, agents };
  const [given, setGiven] = useState(one.roles);
  const [wrong, setWrong] = useState(null);
  const words = (some) => some.map((each) => roleOf(each, all));
  const save = async () => {
    const answer = await call("give_roles", { id: one.id, roles: tidy(given), before: one.roles });
    if (!answer.ok) return setWrong(answer);
    told(answer);
    close(true);
  };
  const footer = [
    html`<${Button} label=${t("common.cancel")} onClick=${() => close()} />`,
    html`<${Button} label=${t("common.save")} look="primary" id="roles-save" onClick=${save} />`,
  ];
  return html`
    <${Dialog} title=${t("people.roles_of", {
      name: one.name || one.id,
    })} close=${close} footer=${footer} id="roles-dialog">
      ${wrong && html`<${Callout} tone="bad" title=${say(wrong.text)} />`}
      <${Pick} given=${given} change=${setGiven} ...${all} />
      <${Difference} before=${words(one.roles)} after=${words(given)} />
    </${Dialog}>
  `;
}

export function WhyDialog({ call, one, all, close }) {
  const { value, instead } = useLoad(call, "may_what", { id: one.id }, { part: true });
  const footer = [html`<${Button} label=${t("common.close")} onClick=${() => close()} />`];
  return html`
    <${Dialog} title=${t("people.why_of", {
      name: one.name || one.id,
    })} close=${close} footer=${footer} id="why-dialog" reads>
      ${instead}
      ${value && value.length === 0 && html`<p>${t("people.nothing")}</p>`}
      ${value && value.length > 0 && html`
        <${Card}>
          <table class="hy-report">
            <thead>
              <tr>
                <th scope="col">${t("people.may")}</th>
                <th scope="col">${t("people.by")}</th>
              </tr>
            </thead>
            <tbody>${value.map(({ id, words, why }) =>
              html`
                <tr key=${id}>
                  <td>${say(words)}</td>
                  <td>${listed(why.map((given) => roleOf(given, all)))}</td>
                </tr>
              `
            )}</tbody>
          </table>
          </${Card}>
      `}
    </${Dialog}>
  `;
}
