// One's own account.

import { html, useState } from "preact";
import { show } from "../common/show.js";
import { confirmed } from "../common/dialog.js";
import { Button, Card, Head } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { at } from "../common/root.js";
import { caller, told } from "../common/server.js";
import { listed, say, t } from "../common/texts.js";
import { Passkeys } from "./passkeys.js";
import { SecondFactor } from "./second.js";
import { Keys } from "../people/keys.js";
import { Sessions } from "../people/sessions.js";
import { Identities } from "./identities.js";

export const mount = ({ element, page }) => show(html`<${Account} call=${caller(page)} />`, element);

function Account({ call }) {
  const { value, instead, again } = useLoad(call, "overview");
  if (instead) return instead;
  const { id, name, roles, sessions } = value;
  const end = async (session) => {
    if (!await confirmed(t("people.end.title"), t("account.end.hint"), t("people.end"))) return;
    if (told(await call("end_mine", { session }))) await again();
  };
  const whose = (
    { name, agents },
  ) => (agents ? t("people.role_on", { role: say(name), agents: listed(agents) }) : say(name));
  return html`
    <div class="hy-page">
      <${Head} title=${t("account.title")} hint=${t("account.hint", {
        name: name || id,
        roles: listed(roles.map(whose)),
      })} />
      <${SecondFactor} call=${call} again=${again} ...${value} />
      <${Passkeys} call=${call} again=${again} ...${value} />
      ${value.password && html`<${Password} call=${call} />`}
      <${Identities} call=${call} />
      <${MyKeys} call=${call} />
      <${Card} title=${t("account.sessions")} hint=${t("account.sessions.hint")} data-testid="my-sessions">
        <${Sessions} sessions=${sessions} end=${end} />
        </${Card}>
      </div>
  `;
}

function MyKeys({ call }) {
  const loaded = useLoad(call, "my_keys");
  const make = (wanted) => call("make_my_key", { wanted });
  const revoke = async ({ id, prefix }) => {
    const sure = await confirmed(t("api.revoke.title", { prefix }), t("api.revoke.hint"), t("api.revoke"));
    return sure && told(await call("revoke_my_key", { id }));
  };
  return html`<${Keys} of="mine" loaded=${loaded} make=${make} revoke=${revoke} />`;
}

function Password({ call }) {
  const [given, setGiven] = useState({ present: "", password: "", again: "" });
  const [wrong, setWrong] = useState({});
  const save = async () => {
    if (given.password !== given.again) return setWrong({ again: t("account.unlike") });
    const answer = await call("change_password", { present: given.present, password: given.password });
    if (!answer.ok && answer.field) return setWrong({ [answer.field]: say(answer.text) });
    setWrong({});
    if (told(answer)) location.assign(at("login"));
  };
  const field = (name, label, autocomplete) =>
    html`
      <${Field} id="account-${name}" label=${label} wrong=${wrong[name]}>
        <${Input} id="account-${name}" kind="password" value=${given[name]} wrong=${wrong[
          name
        ]} autocomplete=${autocomplete}
          onChange=${(value) => setGiven({ ...given, [name]: value })} />
        </${Field}>
    `;
  return html`
    <${Card} title=${t("account.password")} hint=${t("account.password.hint")}>
      <div class="hy-account">
      ${field("present", t("account.present"), "current-password")}
      ${field("password", t("account.new"), "new-password")}
      ${field("again", t("account.again"), "new-password")}
      <div class="hy-row">
        <${Button} label=${t("account.change")} look="primary" id="change-password" onClick=${save} />
      </div>
      </div>
      </${Card}>
  `;
}
