// Which group has which role.

import { html } from "preact";
import { Button } from "../common/elements.js";
import { Input, Select } from "../common/field.js";
import { say, t } from "../common/texts.js";

/** `rules`: [{claim, value, role, agents}]; a rule for several agents is one line for each. */
export function Rules({ rules, change, all, claims }) {
  const put = (n, more) => change(rules.map((one, place) => (place === n ? { ...one, ...more } : one)));
  const add = () => change([...rules, { claim: claims[0], value: "", role: "viewer", agents: null }]);
  const roles = all.roles.map(({ id, name }) => [id, say(name)]);
  const agents = [["", t("sso.rule.everything")], ...all.agents.map(({ id, name }) => [id, name])];
  const several = (one) => (one.agents?.length > 1 ? [[one.agents.join(), one.agents.join(", ")]] : []);
  return html`
    <fieldset class="hy-sso-set">
      <legend>${t("sso.rules")}</legend>
      <p class="faint">${t("sso.rules.hint", { claims: claims.join(", ") })}</p>
      <datalist id="claims">${claims.map((one) => html`<option key=${one} value=${one}></option>`)}</datalist>
      ${rules.map((one, n) =>
        html`
          <div class="hy-rule" key=${n} data-testid="rule">
            <${Input} id="rule-claim-${n}" list="claims" code value=${one.claim} aria-label=${t("sso.rule.claim")}
              placeholder=${t("sso.rule.claim")} onChange=${(claim) => put(n, { claim })} />
            <${Input} id="rule-value-${n}" value=${one.value} aria-label=${t("sso.rule.value")}
              placeholder=${t("sso.rule.value")} onChange=${(value) => put(n, { value })} />
            <${Select} id="rule-role-${n}" value=${one.role} options=${roles} aria-label=${t("sso.rule.role")}
              onChange=${(role) => put(n, { role })} />
            <${Select} id="rule-agents-${n}" value=${one.agents?.join() ?? ""} options=${[...agents, ...several(one)]}
              aria-label=${t("sso.rule.on")}
              onChange=${(id) => put(n, { agents: id ? id.split(",") : null })} />
            <${Button} icon="trash" look="quiet icon" title=${t("common.remove")} id="rule-remove-${n}"
              onClick=${() => change(rules.filter((_, place) => place !== n))} />
          </div>
        `
      )}
      <div class="hy-row"><${Button} label=${t("sso.rule.add")} icon="plus" id="rule-add" onClick=${add} /></div>
    </fieldset>
  `;
}
