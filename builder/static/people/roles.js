// The roles: a table of what each allows, and those of one's own.

import { html, useState } from "preact";
import { confirmed, Dialog, open } from "../common/dialog.js";
import { Button, Callout, Card, Icon } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";
import { Difference } from "./dialogs.js";

export function RolesCard({ call, all, again }) {
  const { roles, permissions, may } = all;
  const edit = async (role) => (await open(RoleDialog, { call, role, permissions })) && again();
  const add = may.roles &&
    html`<${Button} label=${t("roles.add")} icon="plus" id="add-role" onClick=${() =>
      void edit({ id: "", permissions: [], own: true })} />`;
  const remove = async (role) => {
    const sure = await confirmed(
      t("roles.remove.title", { name: say(role.name) }),
      t("roles.remove.hint"),
      t("common.remove"),
    );
    if (sure && told(await call("remove_role", { id: role.id }))) await again();
  };
  const cell = (role, id) => {
    const has = role.permissions.includes(id);
    return html`<td key=${role.id}>${has && html`<${Icon} name="check" size=${14} />`}
      <span class="hy-offscreen">${t(has ? "roles.yes" : "roles.no")}</span></td>`;
  };
  return html`
    <${Card} title=${t("roles.title")} hint=${t("roles.hint")} aside=${add} data-testid="roles">
      <div class="hy-matrix" tabindex="0" role="region" aria-label=${t("roles.title")}>
        <table>
          <thead>
            <tr><th scope="col">${t("people.may")}</th>${roles.map((role) =>
              html`<${RoleHead} key=${role.id} role=${role} may=${may} edit=${edit} remove=${remove} />`
            )}</tr>
          </thead>
          <tbody>
            <${SecondRow} call=${call} all=${all} again=${again} />
            ${permissions.map(({ id, words }) =>
              html`<tr key=${id}><th scope="row">${say(words)}</th>${roles.map((role) => cell(role, id))}</tr>`
            )}</tbody>
        </table>
      </div>
      </${Card}>
  `;
}

const RoleHead = ({ role, may, edit, remove }) =>
  html`<th scope="col" key=${role.id}>${say(role.name)}
      ${
    may.roles && role.may_give && html`<div class="hy-row">
        <${Button} icon=${role.own ? "pencil" : "copy"} look="quiet icon" id="edit-role-${role.id}"
          title=${t(role.own ? "common.edit" : "roles.copy")} onClick=${() =>
      void edit(role.own ? role : { id: "", permissions: role.permissions, own: true })} />
        ${
      role.own && html`
        <${Button} icon="trash" look="quiet icon" id="remove-role-${role.id}" title=${t("common.remove")}
          onClick=${() => remove(role)} />
      `
    }
      </div>`
  }
    </th>`;

/** Which roles ask for a second factor. */
function SecondRow({ call, all: { roles, may }, again }) {
  const second = async (role) => {
    const title = t("roles.second.title", { name: say(role.name) });
    if (!role.second && !await confirmed(title, t("roles.second.hint"), t("roles.second.ask"))) return;
    if (told(await call("ask_second", { id: role.id, required: !role.second }))) await again();
  };
  return html`
    <tr>
              <th scope="row">${t("roles.second")}</th>
              ${roles.map((role) =>
                html`<td key=${role.id}><label class="hy-tick"><input type="checkbox" checked=${role.second} data-testid="second-${role.id}"
                  aria-label="${say(role.name)}: ${t("roles.second")}" disabled=${!(may.roles && role.may_give)}
                  onClick=${(event) => (event.preventDefault(), void second(role))} /></label></td>`
              )}
            </tr>
  `;
}

/** An id from a name; one that has no letters gets a number. */
const idOf = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 40);
const made = (name) => `own-${idOf(name) || Date.now().toString(36)}`;

function RoleDialog({ call, role, permissions, close }) {
  const [name, setName] = useState(role.id ? say(role.name) : "");
  const [wanted, setWanted] = useState(role.permissions);
  const [wrong, setWrong] = useState(null);
  const before = role.id ? role.permissions : [];
  const words = (ids) => permissions.filter(({ id }) => ids.includes(id)).map((one) => say(one.words));
  const toggle = (id) => setWanted(wanted.includes(id) ? wanted.filter((one) => one !== id) : [...wanted, id]);
  const save = async () => {
    const answer = await call("save_role", { id: role.id || made(name), name, permissions: wanted, before });
    if (!answer.ok) return setWrong(answer);
    told(answer);
    close(true);
  };
  const footer = [
    html`<${Button} label=${t("common.cancel")} onClick=${() => close()} />`,
    html`<${Button} label=${t("common.save")} look="primary" id="role-save" onClick=${save} />`,
  ];
  const areas = [...new Set(permissions.map(({ area }) => area))];
  return html`
    <${Dialog} title=${t(role.id ? "roles.edit" : "roles.add")} close=${close} footer=${footer} id="role-dialog">
      ${wrong && wrong.field !== "name" && html`<${Callout} tone="bad" title=${say(wrong.text)} />`}
      <${Field} id="role-name" label=${t("roles.name")} wrong=${wrong?.field === "name" ? say(wrong.text) : ""}>
        <${Input} id="role-name" value=${name} onChange=${setName} />
        </${Field}>
        ${areas.map((area) =>
          html`<fieldset class="hy-checks" key=${area}><legend>${
            say(permissions.find((one) => one.area === area).title)
          }</legend>${
            permissions.filter((one) => one.area === area).map(({ id, words, mine }) =>
              html`<label key=${id}><input type="checkbox" data-testid="may-${id}" checked=${
                wanted.includes(id)
              } disabled=${!mine}
                onChange=${() => toggle(id)} /> ${say(words)}</label>`
            )
          }</fieldset>`
        )}
        <${Difference} before=${words(before)} after=${words(wanted)} />
      </${Dialog}>
  `;
}
