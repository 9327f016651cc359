// What was read from a source, page by page, and the passages that it was cut into: each can be corrected or left out.

import { html, useLayoutEffect, useRef, useState } from "preact";
import { Dialog } from "../common/dialog.js";
import { Button, Pill } from "../common/elements.js";
import { Input } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { told } from "../common/server.js";
import { t } from "../common/texts.js";

const AT_A_TIME = 50;

/** `at`: the place of the passage to begin with. */
export function PassagesDialog({ call, base, source, at = 0, close }) {
  const [start, setStart] = useState(Math.floor(at / AT_A_TIME) * AT_A_TIME);
  const args = { base: base.id, source: source.file, start };
  const { value, instead, again } = useLoad(call, "passages", args, { part: true });
  const move = (by) => setStart(Math.max(0, start + by));
  const footer = [
    html`<${Button} label=${t("passages.before")} disabled=${start === 0} onClick=${() => move(-AT_A_TIME)} />`,
    html`
      <${Button} label=${t("passages.after")} disabled=${!value || !value.more} id="passages-after"
        onClick=${() => move(AT_A_TIME)} />
    `,
  ];
  return html`
    <${Dialog} title=${source.title} close=${close} footer=${footer} size="wide" id="passages-dialog">
      ${instead || pagesOf(value.passages).map((one) =>
        html`
          <section key=${one.key} class="hy-page-of">
            <${Page} call=${call} args=${{ base: base.id, source: source.file, page: one.page ?? 1 }} of=${one} />
            <div class="hy-stack tight">${one.passages.map((passage) =>
              html`<${Passage} key=${passage.id} call=${call} base=${base} passage=${passage} again=${again} />`
            )}</div>
          </section>
        `
      )}
      </${Dialog}>
  `;
}

/** A page as it was given, once somebody scrolls to it; where there is none to look at, the text of its passages. */
function Page({ call, args, of }) {
  const at = useRef(null);
  const [shown, setShown] = useState(null);
  useLayoutEffect(() => {
    const seen = new IntersectionObserver(async (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      const answer = await call("picture", args, { quiet: true });
      setShown(answer.ok && answer.value);
    });
    seen.observe(at.current);
    return () => seen.disconnect();
  }, []);
  const title = of.page && t("source.page", { page: of.page });
  return html`<div class="hy-page-text" ref=${at}>${title && html`<h4>${title}</h4>`}
    ${
    shown
      ? html`<img src=${shown} alt=${title || ""} data-testid="page-picture" />`
      : of.passages.map(({ id, headings, text }) => html`<p key=${id}><b>${headings.at(-1)}</b> ${text}</p>`)
  }</div>`;
}

/** Passages that follow one another on the same page. */
function pagesOf(passages) {
  const pages = [];
  for (const passage of passages) {
    const last = pages.at(-1);
    if (last && last.page === passage.page) last.passages.push(passage);
    else pages.push({ key: passage.id, page: passage.page, passages: [passage] });
  }
  return pages;
}

function Passage({ call, base, passage, again }) {
  const [text, setText] = useState(null);
  const { id, headings, on, answer } = passage;
  const save = async () => {
    if (!told(await call("edit", { base: base.id, id, text }))) return;
    setText(null);
    await again();
  };
  const turn = async () => told(await call("switch", { base: base.id, id, on: !on })) && again();
  return html`<article class="hy-passage ${on ? "" : "off"}" data-testid="passage-${id}">
    <p class="faint">${headings.join(" › ")} ${passage.edited && html`<${Pill}>${t("passages.edited")}</${Pill}>`}
      ${!on && html`<${Pill} tone="warn">${t("passages.off")}</${Pill}>`}</p>
    ${
    text === null
      ? html`<p>${passage.text}${answer && html`<br /><b>${answer}</b>`}</p>`
      : html`<${Input} id="passage-text" rows=${6} value=${text} onChange=${setText} aria-label=${t("common.edit")} />`
  }
    <div class="hy-row">${
    !call.may("edit") ? "" : text === null
      ? [
        html`<${Button} label=${t("common.edit")} look="quiet" id="passage-edit" onClick=${() =>
          setText(passage.text)} />`,
        html`
          <${Button} label=${t(on ? "passages.turn_off" : "passages.turn_on")} look="quiet" id="passage-switch"
            onClick=${turn} />
        `,
      ]
      : [
        html`<${Button} label=${t("common.cancel")} look="quiet" onClick=${() => setText(null)} />`,
        html`<${Button} label=${t("common.save")} id="passage-save" onClick=${save} />`,
      ]
  }</div>
  </article>`;
}
