// What differs between two states of an agent: drawn on the flow that holds both, and told as a list.

import { html, useLayoutEffect, useRef, useState } from "preact";
import { mount } from "../../flow_editor/editor.js";
import { Pill } from "../common/elements.js";
import { Calm } from "../common/empty.js";
import { Segments } from "../common/segments.js";
import { lang, say, t } from "../common/texts.js";
import { Fields, fieldTitles } from "./fields.js";

const TONES = { added: "ok", removed: "bad" };
const FIRST = "flow";

/** `found`: as `compared` tells it (builder/actions/compare.py); `known`: the flow editor's catalog and texts. */
export function Difference({ found, known }) {
  const { blocks, settings, flows, starts } = found;
  const [shown, setShown] = useState(() => flowOf(blocks[0]) ?? FIRST);
  const [chosen, setChosen] = useState("");
  if (!blocks.length && !settings.length) return html`<${Calm} of="same" />`;
  const choose = (change) => (setShown(flowOf(change)), setChosen(change.id));
  const names = Object.keys(flows).map((id) => ({ id, label: flowTitle(id, starts), testid: `difference-${id}` }));
  return html`
    <div class="hy-difference" data-testid="difference">
      <div class="hy-difference-flow">
          ${names.length > 1 &&
            html`<${Segments} label=${t("difference.flows")} options=${names} chosen=${shown} onChoose=${setShown} />`}
          <${Drawn} key=${shown} found=${found} flow=${flows[
            shown
          ]} known=${known} chosen=${chosen} choose=${setChosen} />
        </div>
      <ul class="hy-changes" aria-label=${t("difference.list")}>
          ${blocks.map((one) =>
            html`<${Change} key=${one.id} one=${one} known=${known} chosen=${one.id === chosen} choose=${choose} />`
          )}
          ${settings.length > 0 && html`<${Settings} settings=${settings} />`}
        </ul>
    </div>
  `;
}

const flowOf = (change) => (change?.now ?? change?.was)?.flow;

function flowTitle(name, starts) {
  const id = name.slice("starts.".length);
  return name === FIRST ? t("difference.messages") : t("difference.start", { name: starts[id] || id });
}

/** The flow with what is gone in it, to look at only. */
function Drawn({ found, flow, known, chosen, choose }) {
  const host = useRef(null);
  const editor = useRef(null);
  useLayoutEffect(() => {
    const onSelect = (id) => id && choose(id.replace(/~$/, ""));
    const { marks: became, variables } = found;
    editor.current = mount(host.current, { ...known, flow, variables, lang, became, alarm: false, onSelect });
    return () => editor.current.destroy();
  }, [found]);
  useLayoutEffect(() => editor.current.select(chosen), [chosen]);
  return html`<div class="hy-difference-host" ref=${host}></div>`;
}

/** `chosen` is scrolled to: it was chosen here or on its card. */
function Change({ one, known, chosen, choose }) {
  const line = useRef(null);
  useLayoutEffect(() => void (chosen && line.current.scrollIntoView({ block: "nearest" })), [chosen]);
  const name = one.title || say(known.catalog.blocks[one.type]?.title) || one.type;
  return html`<li ref=${line} class="hy-change ${chosen ? "chosen" : ""}" data-testid="change-${one.id}">
    <button type="button" aria-pressed=${String(chosen)} onClick=${() => choose(one)}>
      ${
    one.kinds.map((kind) =>
      html`<${Pill} key=${kind} tone=${TONES[kind] ?? "accent"}>${t(`difference.${kind}`)}</${Pill}>`
    )
  }
      <b>${name}</b>
    </button>
    ${one.fields.length > 0 && html`<${Fields} fields=${one.fields} titled=${fieldTitles(known.catalog, one.type)} />`}
  </li>`;
}

function Settings({ settings }) {
  const titles = new Map(settings.map(({ path, title }) => [path[0], say(title)]));
  const titled = ([first, ...rest]) => [titles.get(first), ...rest].join(" › ");
  return html`
    <li class="hy-change" data-testid="change-settings">
      <b class="hy-change-title">${t("difference.settings")}</b>
      <${Fields} fields=${settings} titled=${titled} />
    </li>
  `;
}
