// How well a base finds: questions with the source or words that are expected, counted for several settings at once.

import { html, useState } from "preact";
import { Button, Callout, Card } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";

const FIGURES = { "hit@1": "measure.hit_at_1", "hit@3": "measure.hit_at_3", mrr: "measure.mrr", told: "measure.told" };

const EXAMPLE = [["measure.head.question", "measure.head.expected"], ["asking.placeholder", "measure.example"]]
  .map((row) => row.map((key) => t(key)).join(",")).join("\n");

export function Measured({ call, base }) {
  const [text, setText] = useState(() => localStorage.getItem(keyOf(base)) ?? "");
  const [result, setResult] = useState(null);
  const [trouble, setTrouble] = useState("");
  const write = (value) => (setText(value), localStorage.setItem(keyOf(base), value));
  const run = async () => {
    const answer = await call("measure", { base: base.id, questions: text });
    setTrouble(answer.ok ? "" : say(answer.text));
    if (answer.ok) setResult(told(answer));
  };
  const choose = async ({ target }) => {
    if (target.files.length) write(await target.files[0].text());
    target.value = "";
  };
  return html`
    <div class="hy-stack">
      <${Card} title=${t("measure.title")} hint=${t("measure.hint")}>
        <${Field} id="measure-questions" label=${t("measure.questions")} hint=${t(
          "measure.questions.hint",
        )} wrong=${trouble}>
          <${Input} id="measure-questions" rows=${8} code value=${text} onChange=${write} wrong=${trouble}
            placeholder=${EXAMPLE} />
          </${Field}>
          <div class="hy-row hy-below">
            <${Button} label=${t("measure.run")} look="primary" id="measure" onClick=${run} />
            <label class="hy-btn">${t("measure.file")}
                <input type="file" accept=".csv,text/csv,text/plain" class="hy-offscreen" onChange=${choose} /></label>
          </div>
          </${Card}>
          <div aria-live="polite">${result && html`<${Table} ways=${result} />`}</div>
          </div>
  `;
}

const keyOf = (base) => `hongyan:measure:${base.id}`;

function Table({ ways }) {
  const names = Object.keys(FIGURES);
  const [set] = ways;
  const row = ({ way, ...figures }) =>
    html`<tr key=${way}><td>${t(`measure.way.${way}`)}</td>${
      names.map((one) => html`<td key=${one}>${figures[one] === null ? "–" : figures[one].toFixed(2)}</td>`)
    }</tr>`;
  return html`
    <${Card} title=${t("measure.of", { n: set.questions + set.not_answerable })}>
      <table class="hy-figures">
        <thead><tr><th>${t("measure.way")}</th>${names.map((one) =>
          html`<th key=${one}>${t(FIGURES[one])}</th>`
        )}</tr></thead>
        <tbody>${ways.map(row)}</tbody>
      </table>
      ${set.missed.length > 0 &&
        html`
          <${Callout} tone="warn" title=${t("measure.missed", { n: set.missed.length })}
            detail=${set.missed.slice(0, 20).join("；")} />
        `}
      </${Card}>
  `;
}
