// A better wording by a model that the owner chooses: shown beside what it was, and taken only by a click.

import { html, useEffect, useMemo, useState } from "preact";
import { Dialog } from "../common/dialog.js";
import { Button, Callout, Pill } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { lang, lasting, listed, money, say, t } from "../common/texts.js";
import { Words } from "../difference/words.js";

const SECONDS = 130; // a little more than a model has

/** Closes with the new text when it is accepted. `agent`: whose money it is. */
export function BetterDialog({ call, text, agent = "", close }) {
  const [model, setModel] = useState("default");
  const [wish, setWish] = useState("");
  const [state, setState] = useState(/** @type {any} */ ({})); // {asking}, {answer}
  const models = useModels(call);
  const mark = useMemo(() => crypto.getRandomValues(new Uint32Array(2)).join("-"), []);
  const stop = () => call("stop", { mark }, { quiet: true });
  useEffect(() => () => void stop(), []);
  const ask = async () => {
    setState({ asking: true });
    setState({ answer: await call("improve", { text, mark, model, wish, agent }, { seconds: SECONDS }) });
  };
  const { asking, answer } = state;
  const found = answer?.ok ? answer.value : null;
  const footer = [
    asking
      ? html`<${Button} label=${t("prompts.better.stop")} id="better-stop" onClick=${stop} />`
      : html`<${Button} label=${t("common.cancel")} onClick=${() => close()} />`,
    html`
      <${Button} label=${t(answer ? "prompts.better.again" : "prompts.better.ask")} id="better-ask"
        look=${found ? "" : "primary"} disabled=${asking} onClick=${ask} />
    `,
    found &&
    html`
      <${Button} label=${t("prompts.better.accept")} look="primary" id="better-accept"
        onClick=${() => close(found.text)} />
    `,
  ];
  return html`
    <${Dialog} title=${t("prompts.better")} close=${close} footer=${footer} size="wide" id="better-dialog">
      <div class="hy-stack">
        <${Field} id="better-model" label=${t("prompts.better.model")} hint=${t("prompts.better.model.hint")}>
          <${Input} id="better-model" value=${model} onChange=${setModel} list="better-models" />
          <datalist id="better-models">${models.map((one) => html`<option key=${one} value=${one} />`)}</datalist>
          </${Field}>
          <${Field} id="better-wish" label=${t("prompts.better.wish")} optional>
            <${Input} id="better-wish" rows=${2} value=${wish} onChange=${setWish}
              placeholder=${t("prompts.better.wish.placeholder")} />
            </${Field}>
            <div aria-live="polite">
            ${asking &&
              html`<${Callout} title=${t("prompts.better.asking")} detail=${t("prompts.better.asking.hint")} />`}
            ${answer && !answer.ok && html`<${Callout} tone="bad" title=${say(answer.text)} />`}
            ${found && html`<${Found} found=${found} text=${text} />`}
          </div>
            </div>
            </${Dialog}>
  `;
}

function Found({ found, text }) {
  const { lost, by_rules: byRules, pieces } = found;
  return html`
    ${byRules && html`<${Callout} title=${t("prompts.better.rules")} detail=${t("prompts.better.rules.hint")} />`}
    ${lost.length > 0 && html`<${Callout} tone="warn" title=${t("prompts.better.lost", { names: listed(lost) })} />`}
    <p class="faint" data-testid="better-cost">${spent(found)}</p>
    ${found.text === text
      ? html`
        <p class="soft">
          <${Pill}>${t("prompts.better.same")}</${Pill}></p>
      `
      : html`
        <div data-testid="better-difference">
          <${Words} pieces=${pieces} />
        </div>
      `}
  `;
}

const spent = ({ model, tokens, cost, ms }) =>
  `${model} · ${t("prompts.tokens", { tokens })} · ${money(cost)} · ${lasting(ms)}`;

function useModels(call) {
  const [models, setModels] = useState(["default"]);
  useEffect(() => {
    void call("choices", { lang }, { quiet: true }).then(({ value }) =>
      value && setModels(["default", ...value.models.map((one) => one.value ?? one)])
    );
  }, []);
  return models;
}
