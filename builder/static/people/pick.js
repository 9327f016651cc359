// Which roles somebody gets, each on everything or on chosen agents.

import { html, useState } from "preact";
import { Button } from "../common/elements.js";
import { Input } from "../common/field.js";
import { say, t } from "../common/texts.js";
import { agentsOf } from "./said.js";

const MANY = 8; // from which a search field helps

/** `given`: [{role, agents}]; `stays`: roles that cannot be taken away, by id the reason. */
export function Pick({ given, change, roles, agents, stays = {} }) {
  const of = (id) => given.find(({ role }) => role === id);
  const put = (id, value) => change([...given.filter(({ role }) => role !== id), ...(value ? [value] : [])]);
  const line = ({ id, name, permissions, may_give: may }) => {
    const has = of(id);
    const fixed = stays[id] || (!may && !has ? t("people.not_yours") : "");
    return html`<div key=${id} class="hy-role-line">
      <label><input type="checkbox" data-testid="role-${id}" checked=${Boolean(has)} disabled=${Boolean(fixed)}
        onChange=${() => put(id, has ? null : { role: id, agents: null })} /> <span>${say(name)}
        <span class="faint">${fixed || t("roles.allows", { n: permissions.length })}</span></span></label>
      ${
      has && !stays[id] && agents.length > 0 &&
      html`<${On} id=${id} chosen=${has.agents} agents=${agents} put=${(some) =>
        put(id, { role: id, agents: some })} />`
    }
    </div>`;
  };
  return html`<fieldset class="hy-checks"><legend>${t("people.roles")}</legend>${roles.map(line)}</fieldset>`;
}

/** On all agents, or on chosen ones. */
function On({ id, chosen, agents, put }) {
  const way = (some, label, testid) =>
    html`<label><input type="radio" name="on-${id}" data-testid=${testid} checked=${Boolean(chosen) === some}
      onChange=${() => put(some ? [] : null)} /> ${label}</label>`;
  return html`<div class="hy-checks inner">
    ${way(false, t("people.on_everything"), `all-${id}`)}
    ${way(true, t("people.on_some"), `some-${id}`)}
    ${chosen && html`<${Agents} role=${id} chosen=${chosen} agents=${agents} put=${put} />`}
  </div>`;
}

function Agents({ role, chosen, agents, put }) {
  const [word, setWord] = useState("");
  const wanted = word.trim().toLowerCase();
  const seen = agents.filter(({ id, name }) => `${name} ${id}`.toLowerCase().includes(wanted));
  const toggle = (id) => put(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  const gone = chosen.filter((id) => !agents.some((one) => one.id === id));
  const all = [...agents, ...gone.map((id) => ({ id, name: id }))];
  return html`<div class="hy-agents">
    <p class="faint" role="status">${
    chosen.length
      ? t("people.chosen", { n: chosen.length, of: all.length, agents: agentsOf(chosen, all) })
      : t("people.choose")
  }</p>
    ${
    agents.length > MANY &&
    html`
      <${Input} id="agents-word-${role}" kind="search" value=${word} onChange=${setWord} placeholder=${t(
        "people.find_agent",
      )}
        aria-label=${t("people.find_agent")} />
    `
  }
    <div class="list">${
    [...seen, ...(wanted ? [] : gone.map((id) => ({ id, name: id })))].map((one) =>
      html`<label key=${one.id}><input type="checkbox" data-testid="on-${role}-${one.id}" checked=${
        chosen.includes(one.id)
      }
        onChange=${() => toggle(one.id)} /> ${one.name}</label>`
    )
  }${!seen.length && html`<p class="soft">${t("people.none_found")}</p>`}</div>
    ${chosen.length > 1 && html`<${Button} label=${t("people.choose_none")} look="quiet" onClick=${() => put([])} />`}
    <p class="faint">${t("people.on_some.hint")}</p>
  </div>`;
}
