// Adding a model, or changing one.

import { html, useState } from "preact";
import { Dialog } from "../common/dialog.js";
import { Button, Callout, More } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { toast } from "../common/toast.js";
import { say, t } from "../common/texts.js";

/**
 * Choose a provider, paste a key: asked for one word, so that one knows whether it works, then saved. Closes with true
 * when something was saved. `taken`: the names that are in use, which a new one must not have.
 */
export function ModelDialog({ call, providers, endpoint, taken, close }) {
  const fresh = !endpoint.name;
  const [given, setGiven] = useState(() => begun(endpoint, providers, taken));
  const { said, wrong, forgive, save, keep } = useSaving(call, given, fresh, close);
  const change = (part) => (setGiven({ ...given, ...part }), forgive());
  const does = { label: t("models.save"), id: "save-model", onClick: save };
  const press = (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.currentTarget.closest("dialog").querySelector("[data-testid=save-model]").click();
  };
  const choose = (provider) => change(of(provider, taken));
  const title = fresh ? t("models.add") : t("models.edit", { name: endpoint.name });
  const anyway = html`<${Button} label=${t("models.anyway")} id="save-anyway" onClick=${() => keep("")} />`;
  return html`
    <${Dialog} title=${title} close=${close} does=${does} size="wide" id="model-dialog">
      <div class="hy-stack" onKeyDown=${press}>
          ${fresh && html`<${Providers} providers=${providers} chosen=${given.provider} choose=${choose} />`}
          <${Settings} call=${call} endpoint=${endpoint} given=${given} change=${change} wrong=${wrong} fresh=${fresh} />
          <div aria-live="assertive" ref=${(node) => said && node?.scrollIntoView({ block: "nearest" })}>
            ${said && html`<${Callout} ...${said}>${said.anyway && anyway}</${Callout}>`}
          </div>
        </div>
      </${Dialog}>
  `;
}

/** Trying and saving what was given: {said: for a Callout, wrong: the field that was refused, forgive(), save(), keep(sentence)}. */
function useSaving(call, given, fresh, close) {
  const [said, setSaid] = useState(null);
  const [wrong, setWrong] = useState("");
  const asked = () => ({ ...given, provider: given.provider.id, models: chosenModels(given.models), fresh });
  const refused = (answer) => {
    setSaid({ tone: "bad", title: say(answer.text) });
    setWrong(answer.field);
  };
  const keep = async (sentence) => {
    const answer = await call("set_up", asked());
    if (!answer.ok) return refused(answer);
    toast(sentence || say(answer.text));
    close(true);
  };
  const save = async () => {
    setSaid({ title: t("models.asking"), detail: t("models.asking.hint") });
    const tried = await call("try_out", asked());
    if (tried.ok) return keep(say(tried.text));
    if (tried.code === "BadSettings") return refused(tried);
    setSaid({ tone: "bad", title: t("models.not_working"), detail: say(tried.text), anyway: true });
  };
  return { said, wrong, forgive: () => setWrong(""), save, keep };
}

/** What a form begins with for a new endpoint of that provider. */
const of = (provider, taken) => ({ provider, name: freeName(provider.id, taken), models: provider.models[0] || "" });

function begun(endpoint, providers, taken) {
  const provider = providers.find(({ id }) => id === endpoint.provider) || providers[0];
  const blank = { api_key: "", api_base: endpoint.api_base || "" };
  if (!endpoint.name) return { ...blank, ...of(provider, taken) };
  return { ...blank, provider, name: endpoint.name, models: (endpoint.models || []).join(", ") };
}

function Providers({ providers, chosen, choose }) {
  const one = (provider) =>
    html`
      <button key=${provider.id} type="button" class="hy-starter ${provider === chosen ? "chosen" : ""}"
        data-testid="provider-${provider.id}" aria-pressed=${String(provider === chosen)} onClick=${() =>
          choose(provider)}>
        <span><b>${say(provider.title)}</b></span>
      </button>
    `;
  return html`
    <div class="hy-field">
      <div class="label">${t("models.provider")}</div>
      <div class="hy-starters compact" role="group" aria-label=${t("models.provider")}>${providers.map(one)}</div>
    </div>
  `;
}

/** Models to choose from. */
export const Offered = ({ models, take }) =>
  html`<div class="hy-row">${
    models.map((model) => html`<${Button} key=${model} label=${model} onClick=${() => take(model)} />`)
  }</div>`;

function Settings({ call, endpoint, given, change, wrong, fresh }) {
  const { provider } = given;
  const base = html`<${BaseField} key="base" given=${given} change=${change} wrong=${wrong === "api_base"} />`;
  const now = chosenModels(given.models);
  const add = (model) => now.includes(model) || change({ models: [...now, model].join(", ") });
  const kept = endpoint.has_key ? t("models.key.kept") : provider.needs_key ? "sk-…" : t("models.key.optional");
  // What must be filled in is not looked for under "more".
  const rare = [
    !provider.needs_base && base,
    fresh && html`
      <${Field} id="model-name" label=${t("models.name")} hint=${t("models.name.hint")}>
        <${Input} id="model-name" value=${given.name} onChange=${(name) => change({ name })} ...${told(
          wrong === "name",
        )} />
        </${Field}>
    `,
  ].filter(Boolean);
  return [
    provider.needs_base && base,
    html`
      <${Field} key="key" id="model-key" label=${t("models.key")} hint=${keyHint(provider)}>
        <${Input} id="model-key" kind="password" value=${given.api_key} placeholder=${kept} autofocus=${fresh}
          onChange=${(key) => change({ api_key: key })} ...${told(wrong === "api_key")} />
        </${Field}>
    `,
    html`
      <div class="hy-field" key="models">
        <label for="model-models">${t("models.models")}</label>
        <${Input} id="model-models" value=${given.models} placeholder=${provider.models[0] ||
          t("models.models.placeholder")}
          onChange=${(models) => change({ models })} ...${told(wrong === "models")} />
        <${Lists} call=${call} given=${given} take=${add} />
        <div class="hint">${t("models.models.hint")}</div>
      </div>
    `,
    rare.length > 0 && html`
      <${More} key="more" title=${t("common.more")}
        open=${Boolean(endpoint.api_base) || ["name", "api_base"].includes(wrong)}>
        <div class="hy-stack">${rare}</div>
        </${More}>
    `,
  ];
}

/** What its provider is known for, or says that it has. */
function Lists({ call, given, take }) {
  const { provider } = given;
  const [found, setFound] = useState([]);
  const fetch = async () => {
    const answer = await call("list_models", { ...given, provider: provider.id, models: [] });
    setFound(answer.ok ? answer.value : []);
    if (!answer.ok || !answer.value.length) toast(answer.text ? say(answer.text) : t("models.fetch.none"));
  };
  return html`
    <${Offered} models=${found.length ? found : provider.models} take=${take} />
    <div>
      <${Button} label=${t("models.fetch")} id="fetch-models" onClick=${fetch} />
    </div>
  `;
}

function BaseField({ given, change, wrong }) {
  const { needs_base: needed, api_base: usual } = given.provider;
  const hint = t(needed ? "models.base.needed" : "models.base.hint");
  return html`
    <${Field} id="model-base" label=${t("models.base")} hint=${hint}>
      <${Input} id="model-base" value=${given.api_base} placeholder=${usual ||
        (needed ? "https://…/v1" : t("models.base.own"))}
        onChange=${(base) => change({ api_base: base })} ...${told(wrong)} />
      </${Field}>
  `;
}

/** For the input of a field that was refused: it is marked and has the cursor. */
const told = (wrong) => ({ wrong: wrong ? "…" : "", ref: (node) => wrong && node?.base?.focus?.() });

function keyHint({ key_url: url }) {
  if (!url) return t("models.key.sealed");
  return [t("models.key.get"), html`<a href=${url} target="_blank" rel="noreferrer">${new URL(url).host}</a>`];
}

function freeName(wanted, taken) {
  let name = wanted;
  for (let n = 2; taken.includes(name); n++) name = `${wanted}_${n}`;
  return name;
}

const chosenModels = (text) => text.split(/[,，\s]+/).filter(Boolean);
