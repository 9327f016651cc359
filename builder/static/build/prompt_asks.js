// What a prompt's field in the flow editor asks the page for: another template, its own text kept as one, a better wording.

import { html, useEffect, useState } from "preact";
import { Dialog, open } from "../common/dialog.js";
import { Callout } from "../common/elements.js";
import { Calm } from "../common/empty.js";
import { Field, Input } from "../common/field.js";
import { say, t } from "../common/texts.js";
import { toast } from "../common/toast.js";
import { BetterDialog } from "../prompts/better.js";

const PAUSE = 150; // ms after one is looked at

export const promptAsks = (work) => ({
  chooseTemplate: (chosen) => open(Chooser, { work, templates: work.offered?.templates ?? [], chosen }),
  keepTemplate: work.call.may("keep_as_template") && (async (text) => {
    const kept = await open(Keeper, { work, text });
    if (!kept) return undefined;
    work.offered = null; // there is one more
    work.editor.update(await work.choices());
    return kept.prompt;
  }),
  improvePrompt: work.call.may("improve") &&
    ((text) => open(BetterDialog, { call: work.call, text, agent: work.id })),
});

/** Closes with the template's id. */
function Chooser({ work, templates, chosen, close }) {
  const [word, setWord] = useState("");
  const [looked, setLooked] = useState(chosen || templates[0]?.id);
  const filled = useFilled(work, looked);
  const found = templates.filter((one) =>
    `${one.id} ${one.title} ${one.description}`.toLowerCase().includes(word.trim().toLowerCase())
  );
  const does = { label: t("prompts.use"), id: "template-use", disabled: !looked, onClick: () => close(looked) };
  const line = (one) =>
    html`
      <button key=${one.id} type="button" class="hy-starter ${one.id === looked ? "chosen" : ""}"
        aria-pressed=${String(one.id === looked)} data-testid="choose-${one.id}" onClick=${() => setLooked(one.id)}
        onDblClick=${() => close(one.id)}>
        <span><b>${one.title}</b><span class="soft">${one.description}</span></span>
      </button>
    `;
  return html`
    <${Dialog} title=${t("prompts.choose")} close=${close} does=${does} size="wide" id="template-dialog">
      <div class="hy-stack">
        <${Input} kind="search" id="template-search" value=${word} onChange=${setWord} autofocus
          placeholder=${t("prompts.search")} aria-label=${t("prompts.search")} />
        <div class="hy-prompt-choice">
          <div class="hy-stack tight">
            ${found.length ? found.map(line) : html`<${Calm} of="templates" />`}
            <a href="./prompts" target="_blank" rel="noopener">${t("prompts.all")}</a>
          </div>
          <pre class="hy-pre hy-prompt-made" tabindex="0" data-testid="template-made" aria-live="polite">${filled}</pre>
        </div>
      </div>
      </${Dialog}>
  `;
}

/** That template with its defaults, as the model is told it. */
function useFilled(work, id) {
  const [filled, setFilled] = useState("");
  useEffect(() => {
    if (!id) return undefined;
    let over = false;
    const timer = setTimeout(async () => {
      const found = await work.preview({ template: id });
      if (!over) setFilled(found.filled ?? say(found.reason));
    }, filled ? PAUSE : 0);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [id]);
  return filled;
}

/** Closes with {prompt}: what the block has instead of its text. */
function Keeper({ work, text, close }) {
  const { variables = [], language = "zh" } = work.autosave.data;
  const [title, setTitle] = useState("");
  const [wrong, setWrong] = useState("");
  const keep = async () => {
    const titles = Object.fromEntries(variables.map((one) => [one.name, one.title]));
    const answer = await work.call("keep_as_template", { text, title, lang: language, titles });
    if (!answer.ok) return setWrong(say(answer.text));
    toast(say(answer.text));
    close(answer.value);
  };
  const does = { label: t("common.save"), id: "keep-template-do", onClick: keep };
  return html`
    <${Dialog} title=${t("prompts.keep")} close=${close} does=${does} id="keep-template-dialog">
      <div class="hy-stack">
        <${Callout} title=${t("prompts.keep.hint")} />
        <${Field} id="keep-template-title" label=${t("prompts.name")} wrong=${wrong}>
          <${Input} id="keep-template-title" value=${title} onChange=${setTitle} onEnter=${keep} wrong=${wrong}
            autofocus />
          </${Field}>
          </div>
          </${Dialog}>
  `;
}
