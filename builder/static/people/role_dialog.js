// A new role, or another name for one.

import { html, useState } from "preact";
import { Dialog } from "../common/dialog.js";
import { Field, Input, Select } from "../common/field.js";
import { say, t } from "../common/texts.js";

const LONGEST = 60; // characters, as runtime/access/roles.py has it

/** An id from a name; one that has no letters gets a number. */
const idOf = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 40);
const made = (name, taken) => {
  const id = `own-${idOf(name) || Date.now().toString(36)}`;
  return taken.includes(id) ? `${id}-${Date.now().toString(36)}` : id;
};

/** `from`: the role that a new one begins as; `role`: the one that is named anew. Closes with {id, name, permissions}. */
export function RoleDialog({ roles, from = null, role = null, close }) {
  const [name, setName] = useState(role ? say(role.name) : "");
  const [begin, setBegin] = useState(from?.id ?? "");
  const [wrong, setWrong] = useState("");
  const done = () => {
    const named = name.trim().replace(/\s+/g, " ");
    if (!named) return setWrong(t("roles.no_name"));
    const other = roles.find((one) => one.id !== role?.id && Object.values(one.name).includes(named));
    if (other) return setWrong(t("roles.taken", { name: named }));
    const id = role?.id ?? made(named, roles.map((one) => one.id));
    close({ id, name: named, permissions: roles.find((one) => one.id === begin)?.permissions ?? [] });
  };
  const does = { label: t(role ? "roles.rename" : "roles.add"), id: "role-do", onClick: done };
  const options = [
    ["", t("roles.from_nothing")],
    ...roles.filter((one) => one.may_give).map((one) => [one.id, say(one.name)]),
  ];
  return html`
    <${Dialog} title=${t(role ? "roles.rename" : "roles.add")} close=${close} does=${does} id="role-dialog">
      <${Field} id="role-name" label=${t("roles.name")} wrong=${wrong}>
        <${Input} id="role-name" value=${name} onChange=${setName} onEnter=${done} wrong=${wrong} maxlength=${LONGEST} />
        </${Field}>
        ${!role && html`
          <${Field} id="role-from" label=${t("roles.from")} hint=${t("roles.from.hint")}>
            <${Select} id="role-from" value=${begin} options=${options} onChange=${setBegin} />
            </${Field}>
        `}
      </${Dialog}>
  `;
}
