// A real message's turn, drawn on the flow that it ran through: to look at, nothing can be changed.

import { html, useLayoutEffect, useRef } from "preact";
import { mount as mountEditor } from "../../flow_editor/editor.js";
import { Callout, Head, Link } from "../common/elements.js";
import { useLoad } from "../common/load.js";
import { caller, href } from "../common/server.js";
import { show } from "../common/show.js";
import { lang, moment, t } from "../common/texts.js";
import { keepTurn } from "../common/turn_kept.js";

const LONGEST = 200; // characters of what was said

export function mount({ element, page, props }) {
  const seq = Number(new URLSearchParams(location.search).get("message")) || 0;
  show(html`<${Turn} call=${caller(page)} seq=${seq} known=${props.options} />`, element);
}

function Turn({ call, seq, known }) {
  const more = html`<${Link} label=${t("nav.insights")} href="./insights/" />`;
  const { value, instead } = useLoad(call, "look", { seq }, { more });
  return instead ?? html`<${Looked} known=${known} ...${value} />`;
}

function Looked({ known, seq, agent, name, version, at, asked, answered, flow, variables, events }) {
  const host = useRef(null);
  useLayoutEffect(() => {
    const editor = mountEditor(host.current, { ...known, flow, variables, lang, readonly: true, alarm: false });
    editor.paint(events, asked);
    return () => editor.destroy();
  }, []);
  const on = () => keepTurn(agent, { events, asked });
  const cut = (text) => text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return html`
    <div class="hy-page hy-turn">
      <${Head} title=${t("turn.title", { name })} hint=${t("turn.hint", { version, at: moment(at), seq })}>
        <${Link} label=${t("turn.message")} href=${`./insights/message?id=${seq}`} id="turn-message" />
        <a class="hy-btn" href=${`${href("build", agent)}#turn`} data-testid="turn-build" onClick=${on}>${t(
          "turn.build",
        )}</a>
        </${Head}>
        <${Callout} tone="accent" title=${cut(asked) || t("turn.unasked")} detail=${cut(answered)} />
        <div class="flow-host" style=${{ "--flow-height": "max(420px, calc(100dvh - 270px))" }} ref=${host}></div>
        </div>
  `;
}
