// A template in one language: its name, its text with what is wrong at which line, how long it is, what it makes.

import { html, useRef } from "preact";
import { Button, Callout, Card } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { useId } from "../common/form.js";
import { say, t } from "../common/texts.js";
import { tokens } from "../common/tokens.js";

export const LANGUAGES = ["zh", "en"];
const ROWS = 16;

export function Writing({ code, one, given, wrong, looked, change, better }) {
  const id = useId("prompt");
  const area = useRef(null);
  const problem = looked?.problem ?? looked?.reason;
  const field = (name, label) =>
    html`
      <${Field} id="${id}-${name}" label=${label} wrong=${wrong[`${code}.${name}`]}>
        <${Input} id="${id}-${name}" data-testid="${code}-${name}" value=${one[name]} readonly=${given}
          wrong=${wrong[`${code}.${name}`]} onChange=${(value) => change({ [name]: value })} />
        </${Field}>
    `;
  return html`
    <${Card} title=${t(`prompts.in.${code}`)} lang=${code} data-testid="writing-${code}"
      aside=${!given &&
        html`<${Button} label=${t("prompts.better")} icon="spark" id="better-${code}" onClick=${better} />`}>
      <div class="hy-stack">
          ${field("title", t("prompts.name"))}${field("description", t("prompts.description"))}
          <div class="hy-field" ref=${area}>
            <label for="${id}-text">${t("prompts.text")}</label>
            <${Input} id="${id}-text" data-testid="${code}-text" rows=${ROWS} code value=${one.text} readonly=${given}
              wrong=${problem || wrong[code] ? "wrong" : ""} spellcheck=${false} onChange=${(text) =>
                change({ text })} />
            <div class="hint">${t("prompts.size", { n: [...one.text].length, tokens: tokens(one.text) })}</div>
            ${(problem || wrong[code]) && html`<${Problem} problem=${problem} text=${wrong[code]} area=${area} />`}
          </div>
          ${looked?.filled != null && html`<${Made} filled=${looked.filled} code=${code} />`}
        </div>
      </${Card}>
  `;
}

function Problem({ problem, text, area }) {
  const go = () => selectLine(area.current.querySelector("textarea"), problem.line);
  return html`<${Callout} tone="bad" title=${problem ? say(problem.text) : text}>
    ${problem?.line > 0 && html`<${Button} label=${t("prompts.go_to_line", problem)} id="go-to-line" onClick=${go} />`}
  </${Callout}>`;
}

function selectLine(area, line) {
  const before = area.value.split("\n").slice(0, line - 1);
  const start = before.join("\n").length + (before.length ? 1 : 0);
  const end = area.value.indexOf("\n", start);
  area.focus();
  area.setSelectionRange(start, end < 0 ? area.value.length : end);
  area.scrollTop = (area.scrollHeight / Math.max(1, area.value.split("\n").length)) * Math.max(0, line - 4);
}

function Made({ filled, code }) {
  return html`
    <div>
      <h3>${t("prompts.preview")} <span class="faint">${t("prompts.tokens", { tokens: tokens(filled) })}</span></h3>
      <pre class="hy-pre hy-prompt-made" tabindex="0" data-testid="${code}-made" aria-live="polite">${filled ||
        t("prompts.preview.empty")}</pre>
    </div>
  `;
}
