// Set up one that signs people in.

import { html, useState } from "preact";
import { CopyField } from "../common/copy.js";
import { Dialog } from "../common/dialog.js";
import { Callout, More } from "../common/elements.js";
import { Field, Input, Select } from "../common/field.js";
import { at } from "../common/root.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";
import { Rules } from "./rules.js";

const NEW = {
  id: "",
  kind: "oidc",
  name: "",
  issuer: "",
  client_id: "",
  app: "",
  scopes: ["profile", "email"],
  rules: [],
  default_role: "",
  by_email: false,
  is_strong: false,
  enabled: true,
};
const KEPT = Object.keys(NEW).filter((name) => name !== "id");

/** Where the provider leads back to. */
export const backOf = (id, base) => (base ? `${base}/login/sso/${id}/back` : new URL(at(`login/sso/${id}/back`)).href);

/** An id for the address, from a name; one without letters is called as its kind. */
const wordOf = (name, kind) =>
  name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 30).replace(/-$/, "") || kind;

/** The same, which no other has. */
function idOf({ name, kind }, others) {
  const taken = new Set(others.map(({ id }) => id));
  const word = wordOf(name, kind);
  for (let n = 1;; n++) {
    const id = n > 1 ? `${word}-${n}` : word;
    if (!taken.has(id)) return id;
  }
}

export function ProviderDialog({ call, one, all, close }) {
  const [given, setGiven] = useState(one ?? NEW);
  const [secret, setSecret] = useState("");
  const [wrong, setWrong] = useState(null);
  const kind = all.kinds.find(({ id }) => id === given.kind);
  const set = (name) => (value) => setGiven({ ...given, [name]: value });
  const id = one?.id ?? idOf(given, all.providers);
  const of = (name) => (wrong?.field === name ? say(wrong.text) : "");
  const save = async () => {
    const provider = Object.fromEntries(KEPT.map((name) => [name, given[name]]));
    const answer = await call("save", { id, provider, secret, fresh: !one });
    if (!answer.ok) return setWrong(answer);
    told(answer);
    close(true);
  };
  const does = { label: t("common.save"), id: "provider-save", onClick: save };
  const shown = ["name", ...kind.fields.map(({ name }) => name)];
  return html`
    <${Dialog} title=${t(one ? "sso.edit" : "sso.add")} close=${close} does=${does} id="provider-dialog" size="wide">
      ${wrong && !shown.includes(wrong.field) && html`<${Callout} tone="bad" title=${say(wrong.text)} />`}
      ${!one && html`
        <${Field} id="provider-kind" label=${t("sso.kind")}>
          <${Select} id="provider-kind" value=${given.kind} options=${all.kinds.map((each) => [
            each.id,
            say(each.title),
          ])}
            onChange=${set("kind")} />
          </${Field}>
      `}
      <${Field} id="provider-name" label=${t("sso.name")} hint=${t("sso.name.hint")} wrong=${of("name")}>
        <${Input} id="provider-name" value=${given.name} onChange=${set("name")} wrong=${of("name")} />
        </${Field}>
        ${!one && html`<${Back} id=${id} base=${all.public_url} />`}
        ${kind.fields.map((field) =>
          html`
            <${Asked} key=${field.name} field=${field} given=${given} set=${set} secret=${secret}
              setSecret=${setSecret}
              kept=${one?.has_secret} wrong=${of(field.name)} />
          `
        )}
        <${Roles} given=${given} set=${set} all=${all} kind=${kind} />
        <${Further} given=${given} set=${set} kind=${kind} />
      </${Dialog}>
  `;
}

/** Where it will lead back to, which the provider wants to know first. */
function Back({ id, base }) {
  return html`
    <${Field} id="provider-back" label=${t("sso.back")} hint=${t("sso.back.hint")}>
      <${CopyField} id="provider-back" value=${backOf(id, base)} />
      </${Field}>
  `;
}

function Asked({ field, given, set, secret, setSecret, kept, wrong }) {
  const { name, title, hint, must } = field;
  const id = `provider-${name}`;
  const is = name === "secret"
    ? { value: secret, onChange: setSecret, kind: "password", placeholder: kept ? t("sso.secret.kept") : "" }
    : { value: given[name], onChange: set(name) };
  return html`
    <${Field} id=${id} label=${say(title)} hint=${say(hint)} wrong=${wrong} optional=${!must}>
      <${Input} id=${id} wrong=${wrong} ...${is} />
      </${Field}>
  `;
}

function Roles({ given, set, all, kind }) {
  const roles = all.roles.filter((one) => one.may_give || one.id === given.default_role);
  const options = [["", t("sso.default.none")], ...roles.map(({ id, name }) => [id, say(name)])];
  return html`
    <${Rules} rules=${given.rules} change=${set("rules")} all=${all} claims=${kind.claims} />
    <${Field} id="default-role" label=${t("sso.default")} hint=${t("sso.default.hint")}>
      <${Select} id="default-role" value=${given.default_role} options=${options} onChange=${set("default_role")} />
      </${Field}>
  `;
}

function Further({ given, set, kind }) {
  const check = (name) =>
    html`<label><input type="checkbox" data-testid="provider-${name}" checked=${given[name]}
      onChange=${() => set(name)(!given[name])} /> <span>${t(`sso.${name}`)}</span></label>`;
  return html`
    <fieldset class="hy-sso-set">
      <legend>${t("sso.switches")}</legend>
      ${check("enabled")}${kind.proves_email && check("by_email")}${check("is_strong")}
    </fieldset>
    ${kind.proves_email && html`
      <${More} title=${t("sso.more")}>
        <${Field} id="provider-scopes" label=${t("sso.scopes")} hint=${t("sso.scopes.hint")}>
          <${Input} id="provider-scopes" code value=${given.scopes.join(" ")} onChange=${(value) =>
            set("scopes")(value.split(/\s+/).filter(Boolean))} />
          </${Field}>
          </${More}>
    `}
  `;
}
