// The panel beside the flow: say what the agent should do, and decide what is proposed for it.

import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact";
import { Button, Callout, Icon, Loading } from "../common/elements.js";
import { Select } from "../common/field.js";
import { Failed } from "../common/load.js";
import { href } from "../common/server.js";
import { t } from "../common/texts.js";
import { Changes } from "./describe_changes.js";
import { Said } from "./describe_said.js";
import { Describing } from "./describing.js";
import { describing } from "./proposed.js";

const EXAMPLES = ["booking", "shop", "form"];

export function Describe({ work }) {
  const [, setDrawn] = useState(0);
  const talk = useMemo(() => new Describing(work, () => setDrawn((n) => n + 1)), []);
  useLayoutEffect(() => talk.open(), []);
  return html`
    <aside class="hy-describe" aria-label=${t("describe.title")} data-testid="describe-panel">
      <header class="hy-row apart">
        <h2><${Icon} name="spark" /> ${t("describe.title")}</h2>
        <div class="hy-row">
          ${talk.state?.said.length > 0 && html`
            <${Button} icon="refresh" look="quiet icon" title=${t("describe.anew")} id="describe-anew"
              disabled=${talk.state.running} onClick=${() => talk.forget()} />
          `}
          <${Button} icon="close" look="quiet icon" title=${t("common.close")} id="describe-close" onClick=${() =>
            describing(work, false)} />
        </div>
      </header>
      ${talk.failed
        ? html`<${Failed} answer=${talk.failed} again=${() => talk.ask()} />`
        : talk.state
        ? html`<${Conversation} talk=${talk} />`
        : html`<${Loading} />`}
    </aside>
  `;
}

function Conversation({ talk }) {
  const { state } = talk;
  const list = useRef(null);
  useEffect(() => void (list.current.scrollTop = list.current.scrollHeight), [
    state.said.length,
    state.text,
    state.doing,
    state.changes.length,
  ]);
  return html`
    <div class="hy-describe-list" ref=${list} tabindex="0" role="log" aria-label=${t("describe.log")}>
      ${!state.said.length && !state.running && html`<${Begin} talk=${talk} />`}
      ${state.said.map((one) => html`<${Said} key=${one.at} one=${one} />`)}
      ${state.running && html`<${Said} one=${{ asked: state.asking, answer: state.text }} doing=${doing(state)} />`}
      ${state.asked && !state.running && html`<${Asked} talk=${talk} asked=${state.asked} />`}
      ${state.tested.length > 0 && html`<${Tested} tested=${state.tested} />`}
      ${state.changes.length > 0 && html`<${Changes} talk=${talk} />`}
      ${state.publish && !state.running && html`<${Publish} talk=${talk} />`}
    </div>
    <${Write} talk=${talk} />
  `;
}

const doing = ({ doing: tool, text }) => (tool ? t(`describe.doing.${tool}`) : text ? "" : t("describe.doing"));

function Begin({ talk }) {
  return html`
    <p class="soft">${t("describe.hint")}</p>
    ${talk.state.demo && html`<${Callout} title=${t("describe.demo")} detail=${t("describe.demo.hint")} />`}
    <div class="hy-stack tight">
      ${EXAMPLES.map((one) => {
        const text = t(`describe.example.${one}`);
        return html`<button key=${one} type="button" class="hy-describe-choice" onClick=${() =>
          talk.say(text)}>${text}</button>`;
      })}
    </div>
  `;
}

function Asked({ talk, asked }) {
  return html`
    <div class="hy-describe-asked" role="group" aria-label=${asked.question}>
      <b>${asked.question}</b>
      ${asked.choices.map((one) =>
        html`<button key=${one} type="button" class="hy-describe-choice" onClick=${() => talk.say(one)}>${one}</button>`
      )}
    </div>
  `;
}

function Tested({ tested }) {
  const ok = tested.filter((one) => one.ok).length;
  return html`
    <details class="hy-more" open=${ok < tested.length} data-testid="describe-tested">
      <summary>${t("describe.tested", { ok, all: tested.length })}</summary>
      <ul class="hy-describe-tests">
        ${tested.map((one) =>
          html`
            <li key=${one.case} class=${one.ok ? "ok" : "bad"}>
              <${Icon} name=${one.ok ? "check" : "warning"} size=${14} />
              <span>${one.title || one.case}${one.missed.map(({ says }) => ` · ${says}`)}</span>
            </li>
          `
        )}
      </ul>
    </details>
  `;
}

function Publish({ talk }) {
  const left = talk.state.changes.length;
  return html`
    <${Callout} tone="accent" title=${t("describe.publish")} detail=${left ? t("describe.publish.first") : ""}>
      <${Button} label=${t("build.publish")} look="primary" icon="send" id="describe-publish" disabled=${left > 0}
        onClick=${() => talk.work.publish()} />
      </${Callout}>
  `;
}

/** Which model builds, where there are several. */
function By({ talk }) {
  const [model, setModel] = useState(talk.model);
  const { models, demo } = talk.state;
  if (!models.length) return null;
  const usual = t(demo ? "describe.by.rules" : "describe.by.usual");
  const choose = (value) => (setModel(value), talk.model = value, talk.draw());
  return html`
    <label class="hy-row hy-describe-by"><span>${t("describe.by")}</span>
      <${Select} id="describe-model" value=${model} onChange=${choose}
        options=${[["", usual], ...models.map((one) => [one, one])]} /></label>
  `;
}

function Write({ talk }) {
  const [text, setText] = useState("");
  const box = useRef(null);
  const { running } = talk.state;
  const send = async () => {
    if (!text.trim() || running) return box.current.focus();
    if (await talk.say(text)) setText("");
  };
  const press = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void send();
  };
  return html`
    <div class="hy-describe-write">
      <textarea class="hy-input" rows="3" ref=${box} value=${text} data-testid="describe-text"
        aria-label=${t("describe.write")} placeholder=${t("describe.write")} maxlength="8000"
        onInput=${(event) => setText(event.target.value)} onKeyDown=${press} />
      ${running
        ? html`<${Button} icon="stop" title=${t("describe.stop")} id="describe-stop" look="icon" onClick=${() =>
          talk.stop()} />`
        : html`<${Button} icon="send" title=${
          t("describe.send")
        } id="describe-send" look="primary icon" onClick=${send} />`}
    </div>
    <${By} talk=${talk} />
    ${talk.state.demo && !talk.model &&
      html`<a class="hy-describe-demo" href=${href("models", "")}>${t("describe.demo.short")}</a>`}
  `;
}
