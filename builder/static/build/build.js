// The build page: its bar, the flow, and what lies beside it: settings and JSON.

import { html, useLayoutEffect, useMemo, useRef, useState } from "preact";
import { show } from "../common/show.js";
import { mount as mountEditor } from "../../flow_editor/editor.js";
import { Button, Callout, Icon, Link, Pill } from "../common/elements.js";
import { keepMeasured, topOf } from "../common/fitted.js";
import { useLoad } from "../common/load.js";
import { useOpens } from "../common/opens.js";
import { PickAgent } from "../common/pick_agent.js";
import { Segments } from "../common/segments.js";
import { agentId, caller } from "../common/server.js";
import { t } from "../common/texts.js";
import { Banner } from "./banner.js";
import { Describe } from "./describe.js";
import { Brought } from "./brought.js";
import { Json } from "./json.js";
import { Alarm, jump } from "./problems.js";
import { describing } from "./proposed.js";
import { Settings } from "./settings.js";
import { ProposedStarts } from "./proposed_starts.js";
import { Starts } from "./starts.js";
import { Turn } from "./turn.js";
import { showVersions } from "./versions.js";
import { who } from "../common/who.js";
import { VIEWS, Work } from "./work.js";

const MARKS = { saved: "check", draft: "warning", failed: "warning", conflict: "warning", deleted: "warning" };

export function mount({ element, page, props }) {
  const call = caller(page);
  const id = agentId();
  const view = id
    ? html`<${Build} call=${call} id=${id} known=${props.options} />`
    : html`<${PickAgent} call=${call} page="build" />`;
  show(view, element);
}

function Build({ call, id, known }) {
  const more = html`<${Link} label=${t("nav.agents")} href="./" />`;
  const { value, instead } = useLoad(call, "open_agent", { id }, { hint: t("build.broken"), more });
  return instead ?? html`<${Opened} call=${call} id=${id} known=${known} opened=${value} />`;
}

function Opened({ call, id, known, opened }) {
  const [, setDrawn] = useState(0);
  const work = useMemo(() => new Work(call, id, opened, known, () => setDrawn((n) => n + 1)), []);
  const host = useRef(null);
  useLayoutEffect(() => {
    work.editor = mountEditor(host.current, {
      ...known,
      flow: [],
      readonly: work.autosave.looksOnly,
      alarm: false,
      onPending: () => work.editing(),
      onSelect: (id) => work.looked = id,
      onEdit: (flow) => work.edited(flow),
    });
    work.begin(opened).then(() => arrive(work));
    return work.watch();
  }, []);
  useLayoutEffect(() => fitted(host.current.parentElement), []);
  return [
    html`<${Bar} key="bar" work=${work} />`,
    html`
      <div key="banner" class="hy-build-banner">
        ${work.autosave.looksOnly && html`<${Callout} title=${t("build.looks_only")} />`}
        <${Banner} work=${work} />
        <${Brought} work=${work} />
      </div>
    `,
    html`<fieldset key="stage" class="hy-build-stage" disabled=${work.autosave.looksOnly}>
      ${work.view === "settings" && html`<${Settings} key=${work.epoch} work=${work} />`}
      ${work.view === "json" && html`<${Json} key=${work.epoch} work=${work} />`}
    </fieldset>`,
    html`
      <div key="flow" id="flow" class=${work.view !== "flow" ? "aside" : work.panel.open ? "describing" : ""}>
        ${work.panel.proposed ? html`<${ProposedStarts} work=${work} />` : html`<${Starts} work=${work} />`}
        <${Turn} work=${work} />
        <div class="flow-host" ref=${host}></div>
        ${work.panel.open && html`<${Describe} work=${work} />`}
      </div>
    `,
  ];
}

/** The flow is as high as what is left below the bars. */
const fitted = (flow) =>
  keepMeasured("--hy-above", () => topOf(flow), [document.getElementById("nav"), ...flow.parentElement.children]);

/** At the block that the address names, as the search over everything gives it. */
function arrive(work) {
  const at = new URLSearchParams(location.search).get("at");
  if (/^(flow|starts)[.\w]*$/.test(at ?? "")) return jump(work, { field: at });
}

function Bar({ work }) {
  const opens = useOpens();
  const { data } = work.autosave;
  const wrong = work.problems.some(({ field }) => field === "name");
  const views = VIEWS.map((id) => ({ id, label: t(`build.view.${id}`), testid: `view-${id}` }));
  return html`
    <div class="hy-bar">
      <h1 class="hy-unseen">${t("build.heading", { name: data.name ?? "" })}</h1>
      <div class="hy-bar-who">
        <input class="hy-name" type="text" aria-label=${t("agents.name")} data-testid="agent-name" value=${data.name ??
          ""}
          readonly=${work.autosave.looksOnly} aria-invalid=${String(wrong)} onInput=${(event) =>
            work.change({ name: event.target.value })} />
        <div
          class="hy-row"><${Others} work=${work} /><span><${State} ...${work.published} /></span><${Saved} ...${work
            .status} /></div>
      </div>
      <${Segments} label=${t("build.view")} options=${views} chosen=${work.view} onChoose=${(view) => work.go(view)} />
      <div class="hy-bar-do">
        <span><${Alarm} work=${work} /></span>
        ${!work.autosave.looksOnly && html`
          <${Button} icon="spark" label=${t("build.describe")} id="describe" aria-expanded=${String(work.panel.open)}
            onClick=${() => describing(work, !work.panel.open)} />
        `}
        <${Button} icon="history" look="icon" title=${t("history.title")} id="history" onClick=${() =>
          void showVersions(work)} />
        ${opens("play") &&
          html`<${Button} label=${t("build.try")} icon="play" id="try" onClick=${() => work.leave("play")} />`}
        ${!work.autosave.looksOnly && html`
          <${Button} label=${t("build.publish")} look="primary" icon="send" id="go-publish"
            onClick=${() => work.publish()} />
        `}
      </div>
    </div>
  `;
}

const NAMED = 2; // others by name; the bar has no room for more

/** Who else is here, and on which block. */
function Others({ work }) {
  const one = ({ window, by, block }) => {
    const there = block && work.nameOf(block);
    const said = there ? t("together.at", { who: who(by), block: there }) : t("together.here", { who: who(by) });
    return html`
      <${Button} key=${window} label=${said} look="quiet" icon="person" id="other" title=${t("together.other")}
        onClick=${() => block && work.editor.select(block)} />
    `;
  };
  return html`<span role="status" class="hy-others" data-testid="others">${work.others.slice(0, NAMED).map(one)}${
    work.others.length > NAMED && html`<${Pill}>+${work.others.length - NAMED}<//>`
  }</span>`;
}

/** What became of a save. */
function Saved({ kind, sentence }) {
  return html`<span class="hy-saved ${kind}" role="status" aria-live="polite" data-testid="saved" title=${sentence}>
    ${MARKS[kind] && html`<${Icon} name=${MARKS[kind]} size=${14} />`}<span>${sentence}</span>
  </span>`;
}

function State({ known, version, changed }) {
  if (!known) return null;
  if (!version) return html`<${Pill}>${t("state.draft")}</${Pill}>`;
  return changed
    ? html`<${Pill} tone="accent">${t("state.changed", { version })}</${Pill}>`
    : html`<${Pill} tone="ok">${t("state.published", { version })}</${Pill}>`;
}
