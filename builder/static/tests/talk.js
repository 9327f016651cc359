// A real conversation becomes a test: all that will be kept is shown, with what was replaced in it, before it is.

import { html, useEffect, useRef, useState } from "preact";
import { Dialog } from "../common/dialog.js";
import { Button, Callout, More, Pill } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { told } from "../common/server.js";
import { sized } from "../common/sized.js";
import { listed, t } from "../common/texts.js";

const SHORTEST = 2; // characters

/** `seq`: the message up to which it is taken. Closed with the id of the test, once it is kept. */
export function TalkDialog({ call, seq, close }) {
  const [asked, setAsked] = useState({ seq, also: [], without: [] });
  const { value: found, instead } = useLoad(call, "talk", asked, { part: true });
  const shown = useRef(null); // what stays while more is replaced
  shown.current = found ?? shown.current;
  const keep = async () => {
    const kept = told(await call("keep_talk", asked));
    if (kept) close(kept.case);
  };
  const does = { label: t("tests.talk.keep"), id: "keep-talk", disabled: !found, onClick: keep };
  const taken = shown.current;
  return html`
    <${Dialog} title=${t("tests.talk.title")} close=${close} does=${does} size="wide" id="talk-dialog">
      ${taken
        ? html`<${Taken} ...${taken} asked=${asked} change=${(part) => setAsked({ ...asked, ...part })} />`
        : instead}
      </${Dialog}>
  `;
}

function Taken({ case: one, replaced, files, asked, change }) {
  const words = replaced.map(({ instead }) => instead);
  return html`
    <div class="hy-stack">
      <p class="soft">${t("tests.talk.hint")}</p>
      <${Said} one=${one} words=${words} also=${asked.also} change=${change} />
      <${Replaced} replaced=${replaced} also=${asked.also} change=${change} />
      <${Files} files=${files} without=${asked.without} change=${change} />
    </div>
  `;
}

/** What is said, and behind it what else is kept; what is selected there can be replaced, too. */
function Said({ one, words, also, change }) {
  const [word, setWord] = useState("");
  const text = useRef(null);
  useEffect(() => {
    const selected = () => {
      const now = document.getSelection();
      const chosen = now.toString().trim();
      if (chosen && text.current?.contains(now.anchorNode) && !chosen.includes("\n")) setWord(chosen);
    };
    document.addEventListener("selectionchange", selected);
    return () => document.removeEventListener("selectionchange", selected);
  }, []);
  const add = () => {
    change({ also: [...also, word.trim()] });
    setWord("");
  };
  const rest = JSON.stringify({ checks: one.lines.map(({ checks }) => checks ?? []), tools: one.tools ?? [] }, null, 2);
  const short = word.trim().length < SHORTEST;
  return html`
    <div class="hy-stack tight" ref=${text} data-testid="talk-text">
      ${one.lines.map(({ says, lacks }, i) =>
        html`
          <div class="hy-verbatim" key=${i} data-testid="talk-${i}">${marked(says ?? "", words)}</div>
          ${lacks?.length > 0 && html`<p class="soft">${t("tests.line.lacks", { names: listed(lacks) })}</p>`}
        `
      )}
      <${More} title=${t("tests.talk.tools")}><pre class="hy-test-json">${marked(rest, words)}</pre></${More}>
    </div>
    <${Field} id="talk-word" label=${t("tests.talk.select")} wrong=${word && short ? t("tests.talk.too_short") : ""}>
      <div class="hy-row">
        <${Input} id="talk-word" value=${word} onChange=${setWord} class="hy-input grow" />
        <${Button} label=${t("tests.talk.also", { text: word.trim() || "…" })} id="replace-too" disabled=${short}
          onClick=${add} />
      </div>
      </${Field}>
  `;
}

/** A text with what stands for something else in it marked. */
export function marked(text, words) {
  const wanted = words.filter(Boolean).toSorted((a, b) => b.length - a.length).map(RegExp.escape ?? plainly);
  if (!wanted.length) return text;
  const pieces = text.split(new RegExp(`(${wanted.join("|")})`, "u"));
  return pieces.map((piece, i) => (i % 2 ? html`<mark>${piece}</mark>` : piece));
}

const plainly = (word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

function Replaced({ replaced, also, change }) {
  if (!replaced.length) return html`<${Callout} tone="warn" title=${t("tests.talk.nothing")} />`;
  const row = ({ was, instead }) =>
    html`
      <tr key=${was}>
        <td>${was}</td>
        <td><mark>${instead}</mark></td>
        <td>${also.includes(was) &&
          html`
            <${Button} icon="close" look="quiet icon" title=${t("tests.talk.undo", { text: was })}
              onClick=${() => change({ also: also.filter((one) => one !== was) })} />
          `}</td>
      </tr>
    `;
  return html`
    <div>
      <b>${t("tests.talk.replaced", { n: replaced.length })}</b>
      <table class="hy-test-sums" data-testid="replaced">
        <thead>
          <tr>
            <th>${t("tests.talk.was")}</th>
            <th>${t("tests.talk.instead")}</th>
            <th></th>
          </tr>
        </thead>
        <tbody>${replaced.map(row)}</tbody>
      </table>
    </div>
  `;
}

function Files({ files, without, change }) {
  if (!files.length) return null;
  const put = (hash, taken) => change({ without: taken ? without.filter((one) => one !== hash) : [...without, hash] });
  const file = ({ name, hash, lost, bytes }, i) =>
    html`
      <label class="hy-switch"
        key=${i}><input type="checkbox" role="switch" checked=${!lost} data-testid="take-${i}"
        disabled=${lost && lost !== "left_out"} onChange=${(event) => put(hash, event.target.checked)} />
        <span>${t("tests.talk.take", { name })} <small class="soft">${sized(bytes)}</small>
          ${lost && html`<${Pill} tone="warn">${t(`tests.lost.${lost}`)}</${Pill}>`}</span></label>
    `;
  return html`
    <div class="hy-stack tight"><b>${t("tests.talk.files")}</b><p class="soft">${t("tests.talk.files.hint")}</p>
      ${files.map(file)}</div>
  `;
}
