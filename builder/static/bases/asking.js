// Try a question: what is found, how each way scored it, and why.

import { html, useState } from "preact";
import { open } from "../common/dialog.js";
import { Button, Callout, Card, Pill } from "../common/elements.js";
import { Calm } from "../common/empty.js";
import { Field, Input } from "../common/field.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";
import { PassagesDialog } from "./passages.js";

export function Asking({ call, base, files }) {
  const [question, setQuestion] = useState("");
  const [found, setFound] = useState(null);
  const ask = async () => {
    if (question.trim()) setFound(told(await call("ask", { base: base.id, question })));
  };
  return html`
    <div class="hy-stack">
      <${Card}>
        <${Field} id="question" label=${t("asking.question")} hint=${t("asking.hint")}>
          <div class="hy-list-row">
            <${Input} id="question" value=${question} onChange=${setQuestion} onEnter=${ask} autofocus
              placeholder=${t("asking.placeholder")} />
            <${Button} label=${t("asking.ask")} look="primary" id="ask" onClick=${ask} />
          </div>
          </${Field}>
          </${Card}>
          <div aria-live="polite" class="hy-stack">${found &&
            html`<${Result} ...${{ call, base, files, found }} />`}</div>
          </div>
  `;
}

function Result({ call, base, files, found }) {
  const { hits, fits, answer, without, ms } = found;
  const tone = answer || fits ? "ok" : "warn";
  const title = t(answer ? "asking.answer" : fits ? "asking.fits" : "asking.nothing", { ms });
  return [
    html`<${Callout} tone=${tone} title=${title} detail=${answer || (fits ? "" : t("asking.nothing.hint"))} />`,
    ...without.map((text) => html`<${Callout} tone="warn" title=${t("asking.without")} detail=${say(text) || text} />`),
    hits.length === 0 && html`
      <${Card}>
        <${Calm} of="passages" />
        </${Card}>
    `,
    ...hits.map((hit, i) => html`<${Hit} key=${hit.id} ...${{ call, base, files, hit, rank: i + 1 }} />`),
  ];
}

function Hit({ call, base, files, hit, rank }) {
  const source = files.find(({ file }) => file === hit.source) ?? { file: hit.source, title: hit.title };
  const look = () => open(PassagesDialog, { call, base, source, at: hit.place });
  const where = [hit.title, hit.page && t("source.page", { page: hit.page }), hit.heading].filter(Boolean).join(" · ");
  return html`
    <${Card} data-testid="hit">
      <div class="hy-stack tight">
        <div class="hy-hit">
          <span><b>${rank}</b> <span class="soft">${where}</span></span>
          <${Button} label=${t("asking.look")} look="quiet" onClick=${() => void look()} />
        </div>
        <p class="hy-verbatim">${hit.text}${hit.answer && html`<br /><b>${hit.answer}</b>`}</p>
        <div class="hy-row">${scores(hit)}<span class="faint">${why(hit)}</span></div>
      </div>
      </${Card}>
  `;
}

const percent = (share) => `${Math.round(share * 100)} %`;

function scores({ share, cosine, relevance, fits }) {
  const shown = [["words", share], ["meaning", cosine], ["relevance", relevance], ["fits_share", fits]];
  return shown.filter(([, value]) => value !== null && value !== undefined).map(([name, value]) =>
    html`<${Pill} key=${name}>${t(`asking.${name}`)} ${percent(value)}</${Pill}>`
  );
}

function why({ share, cosine }) {
  if (share !== null && cosine !== null) return t("asking.why.both");
  return t(share !== null ? "asking.why.words" : "asking.why.meaning");
}
