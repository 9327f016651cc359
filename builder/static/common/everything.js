// Ctrl+K: everything there is, found by its words; by keys alone, and only what whoever looks may see.

import { html, useEffect, useMemo, useRef, useState } from "preact";
import { open } from "./dialog.js";
import { Icon } from "./elements.js";
import { matching } from "./menu.js";
import { at } from "./root.js";
import { caller } from "./server.js";
import { lang, say, t } from "./texts.js";

const PAUSE = 140; // ms without a key before the server is asked
const LONGER = 380; // ms before conversations are searched, which takes longer
const ICONS = {
  pages: "page",
  actions: "play",
  agents: "spark",
  blocks: "block",
  prompts: "text",
  bases: "book",
  sources: "page",
  models: "box",
  publications: "send",
  people: "person",
  conversations: "chat",
  docs: "question",
};

/** `own`: [{kind, title, hint?, keys?, to?, run?}], what the bar itself can do. */
export function showEverything(own) {
  if (!document.querySelector("dialog[open]")) void open(Everything, { own });
}

/** What the server finds for these words: {hits, busy, failed}. An answer that comes late is dropped. */
function useFound(word) {
  const call = useMemo(() => caller("bar"), []);
  const [found, setFound] = useState({ hits: [], said: [], busy: false, failed: null });
  const last = useRef(0);
  useEffect(() => {
    const mine = ++last.current;
    const text = word.trim();
    if (!text) return setFound({ hits: [], said: [], busy: false, failed: null });
    setFound((was) => ({ ...was, busy: true }));
    const quiet = { quiet: true };
    const ask = (asked, name, settled) => async () => {
      const answer = await asked();
      if (mine !== last.current) return;
      const failed = answer.ok || answer.code === "conversations.read" ? null : answer.text;
      setFound((was) => ({ ...was, [name]: answer.ok ? answer.value : [], failed, busy: !settled && was.busy }));
    };
    const soon = setTimeout(ask(() => call("find", { text, lang }, quiet), "hits"), PAUSE);
    const later = setTimeout(ask(() => call("find_said", { text }, quiet), "said", true), LONGER);
    return () => (clearTimeout(soon), clearTimeout(later));
  }, [word]);
  return found;
}

/** Groups in the order in which they come. */
function grouped(lines) {
  const groups = new Map();
  lines.forEach((line, place) => groups.set(line.kind, [...groups.get(line.kind) ?? [], { ...line, place }]));
  return [...groups];
}

function Everything({ own, close }) {
  const [word, setWord] = useState("");
  const [chosen, setChosen] = useState(0);
  const { hits, said, busy, failed } = useFound(word);
  const theirs = [...hits, ...said].map((hit) => ({ ...hit, title: say(hit.title), hint: say(hit.hint) }));
  const lines = grouped([...matching(own, word), ...theirs]).flatMap(([, group]) => group);
  const now = Math.min(chosen, lines.length - 1);
  const go = (line) => {
    if (!line) return;
    close();
    line.run ? line.run() : location.assign(at(line.to));
  };
  const press = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && lines.length) setChosen((now + step + lines.length) % lines.length);
    else if (event.key === "Enter" && !event.isComposing) go(lines[now]);
    else return;
    event.preventDefault();
  };
  const type = (event) => (setWord(event.target.value), setChosen(0));
  return html`
    <dialog class="hy hy-dialog wide hy-find" data-testid="find-dialog" aria-label=${t("find.title")}>
      <div class="hy-find-top">
        <${Icon} name="search" size=${18} />
        <input type="text" class="hy-input" data-testid="find" value=${word} onInput=${type} onKeyDown=${press}
          placeholder=${t("find.hint")} aria-label=${t("find.title")} role="combobox" aria-expanded="true"
          aria-controls="hy-found" aria-activedescendant=${lines.length ? `hy-found-${now}` : null} autofocus
          autocomplete="off" spellcheck=${false} maxlength="100" />
        <kbd>Esc</kbd>
      </div>
      <${Lines} lines=${lines} now=${now} go=${go} />
      <p class="hy-find-foot" role="status">${failed
        ? say(failed)
        : busy
        ? t("find.busy")
        : lines.length
        ? t("find.keys")
        : t("find.nothing", { word })}</p>
    </dialog>
  `;
}

function Lines({ lines, now, go }) {
  const box = useRef(null);
  useEffect(() => box.current.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [now]);
  return html`<div id="hy-found" class="hy-found" role="listbox" aria-label=${t("find.title")} ref=${box}>${
    grouped(lines).map(([kind, group]) =>
      html`<div key=${kind} role="group" aria-label=${t(`find.kind.${kind}`)}>
        <div class="hy-menu-title" aria-hidden="true">${t(`find.kind.${kind}`)}</div>
        ${group.map((line) => html`<${Line} line=${line} place=${line.place} now=${now} go=${go} />`)}
      </div>`
    )
  }</div>`;
}

function Line({ line, place, now, go }) {
  return html`
    <div key=${place} id="hy-found-${place}" role="option" class="hy-found-line" aria-selected=${String(place === now)}
      data-testid="found" onClick=${() => go(line)}>
        <${Icon} name=${line.icon ?? ICONS[line.kind]} />
        <span class="hy-menu-text"><span>${line.title}</span>${line.hint && html`<small>${line.hint}</small>`}</span>
        ${line.keys && html`<kbd>${line.keys}</kbd>`}
      </div>
  `;
}
