// Beside the chat: the phone, the trace, and variables for the test.

import { html, useEffect, useState } from "preact";
import { show } from "../common/show.js";
import { Button, Callout, Link } from "../common/elements.js";
import { Empty } from "../common/empty.js";
import { Input, Select } from "../common/field.js";
import { keepMeasured, topOf } from "../common/fitted.js";
import { useLoad } from "../common/load.js";
import { opensNow } from "../common/opens.js";
import { PickAgent } from "../common/pick_agent.js";
import { Segments } from "../common/segments.js";
import { agentId, caller, href } from "../common/server.js";
import { lang, say, t } from "../common/texts.js";
import { KeepTest, TestLines } from "./as_test.js";
import { answered, boxKey, keepBox, keepColumns, keepPlace, keptColumns } from "./chat_kept.js";
import { nameControls } from "./chat_names.js";
import { change, focusBox, follow, isOld, restore, shared, useShared } from "./chat_state.js";
import { tellKeys, useTrigger } from "./deeds.js";
import { watchGradio } from "./gradio_calls.js";
import { listenForKeys } from "./keys.js";
import { Phone } from "./phone.js";
import { rated } from "./rated.js";
import { Rehearsal } from "./rehearse.js";
import { reopen } from "./reopened.js";
import { tidyChat } from "./said.js";
import { listenForSending } from "./sending.js";
import { tellFiles } from "./sent_files.js";
import { versionTitle } from "../difference/version_title.js";
import { Trace } from "./trace.js";
import { Starts, Waits } from "./waits.js";

tellKeys();

const VIEWS = ["phone", "rehearse", "trace", "starts", "variables"];
const GAP = 16; // pixels below the box
const LONGEST_BEGINNING = 5000; // milliseconds
const NOTHING = { exchanges: [], events: [], waits: [] };

export function mount({ element, page, props, trigger, watch }) {
  const call = caller(page);
  const id = agentId();
  const address = new URLSearchParams(location.search);
  const version = address.get("version") ?? "";
  props.value = { agent: id, version, lang, variables: {}, case: address.get("case") ?? "" };
  document.body.dataset.hyPlay = "none";
  if (!id) return show(html`<${PickAgent} call=${call} page="play" />`, element);
  const gradio = { props, trigger, watch };
  show(html`<${Play} call=${call} id=${id} version=${version} gradio=${gradio} />`, element);
}

function Play({ call, id, version, gradio }) {
  const more = html`<${Link} label=${t("nav.build")} href=${href("build")} />`;
  const { value: agent, instead } = useLoad(call, "agent", { id, version }, { hint: t("play.broken"), more });
  useEffect(() => void (agent && begin(agent, version, call, gradio)), [Boolean(agent)]);
  return instead ?? html`<${Beside} call=${call} agent=${agent} gradio=${gradio} />`;
}

/** The chat is Gradio's; it is shown once there is somebody to talk to. */
function begin(agent, version, call, { props, trigger }) {
  document.body.dataset.hyPlay = "ready";
  const column = document.getElementById("chat-column");
  nameControls(column);
  tidyChat(column);
  tellFiles(column);
  change({ go: () => look(trigger), titles: agent.titles });
  listenForSending({ props, trigger });
  useTrigger(trigger);
  if (!once.begun) {
    once.place = version ? `${agent.id} ${version}` : agent.id;
    watchGradio(boxKey(once.place));
    keepBox(once.place);
    listenForKeys();
    keepBoxInView(column);
    once.begun = true;
    change({ tried: version ? { version, model: "", name: version } : null });
    if (!shared().compared) change({ columns: keptColumns(once.place) });
  }
  const tell = ({ chat, tip, columns, tried, rewrites, kept, asked }) => {
    props.value = { ...props.value, chat, tip, columns, tried, rewrites, kept, asked };
    document.body.dataset.hyColumns = columns.length;
    keepColumns(once.place, columns);
  };
  tell(shared());
  follow(tell);
  void reopen(once.place, agent.id, call);
}

/** That one is opened next time, too, however long it takes to come. */
function look(trigger) {
  keepPlace(once.place, shared().chat, shared().tip);
  trigger("restore");
}

/** The chats are as high as what is left between what stands over them and the box below. */
function keepBoxInView(column) {
  const [nav, chats, columns, box, usage] = ["nav", "chats", "columns", "ask", "usage"].map((id) =>
    document.getElementById(id)
  );
  const bottom = (element) => element.getBoundingClientRect().bottom;
  const heads = () => [...columns.querySelectorAll("[id^='head-']")];
  const around = () =>
    Math.max(...heads().map((head) => topOf(head.nextElementSibling))) + bottom(column) - bottom(columns) + GAP;
  keepMeasured("--hy-around", around, [nav, chats, columns, box, usage]);
}

/** What lasts as long as the page; Gradio mounts this anew when its connection broke. */
const once = { begun: false, place: "" };

/** What the chat came to, what is told it, and how others are played in it; that is null while a turn runs. */
function useChat({ props, trigger, watch }, id, call) {
  const [result, setResult] = useState(props.result || NOTHING);
  const { runs } = useShared();
  useEffect(() => {
    watch("result", () => {
      const { over, chat, tip, forks, name, unsaved, columns, asked: seen } = props.result ?? NOTHING;
      if (isOld(props.result)) return;
      setResult((before) => ({ ...before, ...props.result }));
      const told = { chat, tip, forks, name, unsaved, seen, ...(shared().kept ? { columns, kept: false } : {}) };
      const places = Object.entries(told).filter(([, value]) => value !== undefined);
      change({ ...Object.fromEntries(places), runs: over === false });
      if (chat !== undefined) keepPlace(once.place, chat, tip);
    });
    watch("ended", () => {
      change({ runs: false });
      answered(once.place);
    });
    watch("rated", () => props.rated?.at && rated(call, id, props.rated));
  }, []);
  const tell = (part) => props.value = { ...props.value, ...part };
  const begin = (line) => {
    change({ runs: true });
    tell({ line });
    trigger("played");
    setTimeout(() => props.result?.over !== false && change({ runs: false }), LONGEST_BEGINNING); // it did not arrive
  };
  return { result, tell, play: runs ? null : begin };
}

function Beside({ call, agent, gradio }) {
  const { result, tell, play } = useChat(gradio, agent.id, call);
  const [view, setView] = useState(location.hash === "#trace" ? "trace" : VIEWS[0]);
  const [variables, setVariables] = useState({});
  const [rehearsed, setRehearsed] = useState(false); // then it stays as it is while another view is shown
  const [surface, setSurface] = useState(agent.surface);
  const names = { platform: say(agent.surfaces.find(({ name }) => name === surface).words.platform) };
  const change = (next) => (setVariables(next), tell({ variables: next }));
  const turn = (channel) => {
    setSurface(channel);
    tell({ channel });
    if (play && shared().chat) restore();
  };
  const choose = (next) => {
    setView(next);
    if (next === "rehearse") setRehearsed(true);
  };
  const tabs = VIEWS.filter((id) => id !== "starts" || agent.starts.length).map((id) => ({
    id,
    label: t(`play.${id}`, names),
    testid: `tab-${id}`,
  }));
  return html`
    <div class="hy-beside">
      <h1 class="hy-offscreen">${document.title}</h1>
      <${Above} ...${{ call, agent, play }} />
      <${Surfaces} all=${agent.surfaces} chosen=${surface} choose=${turn}>
        <${KeepTest} ...${{ call, agent, variables, play }} />
        </${Surfaces}>
        <${Segments} options=${tabs} chosen=${view} onChoose=${choose} tabs />
        <div class="hy-beside-body" role="tabpanel">
          ${view === "phone" && html`
            <div class="hy-stack">
              <${Phone} name=${agent.name} exchanges=${result.exchanges} names=${names} />
              <${Waits} waits=${result.waits} play=${play} />
            </div>
          `}
          ${view === "starts" && html`<${Starts} agent=${agent} play=${play} />`}
          <div hidden=${view !== "rehearse"}>
            ${rehearsed && html`
              <${Rehearsal} key=${surface} call=${call} agent=${agent} surface=${surface} names=${names}
                variables=${variables} />
            `}
          </div>
          ${view === "trace" && html`<${HowItWent} result=${result} agent=${agent} />`}
          ${view === "variables" && html`<${Variables} agent=${agent} variables=${variables} change=${change} />`}
        </div>
        </div>
  `;
}

function HowItWent({ result: { events, exchanges }, agent }) {
  if (events.length) {
    return html`<${Trace} events=${events} titles=${agent.titles} asked=${exchanges?.at(-1)?.asked} />`;
  }
  return html`
    <${Empty} of="trace">
      <${Button} label=${t("empty.chats.go")} look="primary" onClick=${focusBox} />
      </${Empty}>
  `;
}

/** Where the answers are looked at: the phone, and the rehearsal, show what that surface shows. */
function Surfaces({ all, chosen, choose, children }) {
  const options = all.map(({ name, title }) => [name, say(title)]);
  return html`
    <div class="hy-row hy-surfaces">
      ${all.length > 1 && [
        html`<label key="label" for="surface">${t("play.surface")}</label>`,
        html`<${Select} key="surface" id="surface" value=${chosen} options=${options} onChange=${choose} />`,
      ]} ${children}
    </div>
  `;
}

const Above = (all) =>
  html`
    <${Notes} agent=${all.agent} />
    <${TestLines} ...${all} />
  `;

function Notes({ agent }) {
  return [
    agent.version && html`
      <${Callout} key="version" tone="accent" title=${t("play.version.title", { version: versionTitle(agent.version) })}
        detail=${t("play.version.hint")}>
        <${Link} label=${t("play.version.leave")} href=${href("play")} id="leave-version" />
        </${Callout}>
    `,
    agent.draft && html`
      <${Callout} key="draft" tone="warn" title=${t("play.draft.title")} detail=${t("play.draft.hint")}>
        <${Link} label=${t("nav.build")} href=${href("build")} />
        </${Callout}>
    `,
    agent.demo && html`
      <${Callout} key="demo" tone="accent" title=${t("play.demo.title")} detail=${t("play.demo.hint")}>
        ${opensNow()("#add-model") && html`<${Link} label=${t("agents.demo.action")} href="./models" />`}
        </${Callout}>
    `,
  ];
}

/** Other values of the agent's variables, for this test only. */
function Variables({ agent, variables, change }) {
  if (!agent.variables.length) {
    return html`
      <${Empty} of="variables">
        <${Link} label=${t("nav.build")} href=${href("build")} />
        </${Empty}>
    `;
  }
  const set = (name, value) => {
    const { [name]: _, ...rest } = variables;
    change(value ? { ...rest, [name]: value } : rest);
  };
  return html`<div class="hy-card hy-form">
    <p class="soft">${t("play.variables.hint")}</p>
    ${
    agent.variables.map(({ name, title, default: usual }) =>
      html`
        <div class="hy-field" key=${name}>
          <label for="var-${name}">${title || name}<span class="optional"><code>${name}</code></span></label>
          <${Input} id="var-${name}" rows=${2} placeholder=${usual} value=${variables[name]}
            onChange=${(value) => set(name, value)} />
        </div>
      `
    )
  }
  </div>`;
}
