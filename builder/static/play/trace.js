// What happened in the last turn, step by step.

import { html } from "preact";
import { CopyButton } from "../common/copy.js";
import { Button, Icon, More, Pill } from "../common/elements.js";
import { agentId, href } from "../common/server.js";
import { lasting, listed, say, t } from "../common/texts.js";
import { toast } from "../common/toast.js";
import { Did } from "../safety/did.js";
import { keepTurn } from "../common/turn_kept.js";

const ROLES = ["system", "user", "assistant", "tool"];
const LONG = 120; // characters from which a value is folded

/** `events`: the engine's events as JSON with `at`, ms since the turn began; `titles`: block kind → {zh, en}. */
export function Trace({ events, titles, asked = "" }) {
  if (!events.length) return null;
  const look = (block) => onFlow(events, asked, block);
  const row = (one, i) => html`<${ROWS[one.type]} key=${i} ...${one} titles=${titles} look=${look} />`;
  return html`
    <div class="hy-card" data-testid="trace">
      <p>
        <${Button} label=${t("trace.on_flow")} icon="flow" id="on-flow" onClick=${() => onFlow(events, asked)} />
      </p>
      <ol class="hy-trace">${rowsOf(events).map(row)}</ol>
    </div>
  `;
}

/** To the build page, where the turn is drawn on the flow. */
function onFlow(events, asked, block = "") {
  if (!keepTurn(agentId(), { events, asked })) return toast(t("trace.too_large"), { tone: "bad" });
  location.assign(`${href("build")}#turn${block && `=${block}`}`);
}

/** A block's name in the whole turn; what holds it: the block whose round, inner agent or tool it runs in. */
const placeOf = ({ within, block }) => within ? `${within}/${block}` : block;
const holderOf = (within) => within.replace(/\.[^/]*$/, "");

/** The events as a tree: [{type, event, inner, end}], a block with its rounds and calls, each with the event that ended it. */
function rowsOf(events) {
  const rows = [];
  const blocks = {};
  const calls = {};
  let last = null;
  let asked = []; // told before its block is; it belongs to the round that follows, or to the failure
  for (const event of events) {
    const block = blocks[placeOf(event)];
    if (event.type === "block_started") {
      last = blocks[placeOf(event)] = { type: event.type, event, inner: [], end: null };
      (blocks[holderOf(event.within ?? "")]?.inner ?? rows).push(last);
    } else if (event.type === "block_finished" && block) block.end = event;
    else if (event.type === "model_asked") asked = [{ type: event.type, event }];
    else if (event.type === "model_used") {
      block?.inner.push(...asked, { type: event.type, event });
      asked = [];
    } else if (event.type === "tool_called") {
      calls[event.call] = { type: event.type, event, end: null };
      block?.inner.push(calls[event.call]);
    } else if (event.type === "tool_returned") calls[event.call].end = event;
    else if (event.type === "failed") {
      (last?.inner ?? rows).push(...asked);
      asked = [];
      rows.push({ type: event.type, event });
    } else if (event.type in ROWS) rows.push({ type: event.type, event });
  }
  return rows;
}

/** By which rule a name meant this model. */
const routed = ({ route, rule, title, why }) =>
  t("trace.routed", {
    route,
    rule: rule ? title || t("rules.number", { rule }) : t("rows.rules.otherwise"),
    why: say(why),
  });

const ROWS = {
  block_started({ event, inner, end, titles, look }) {
    const kind = say(titles[event.kind]) || event.kind;
    const round = event.within?.match(/(?:^|\/)[^./]+\.(\d+)$/)?.[1];
    return html`
      <li data-testid="trace-${event.block}">
        <div class="head">
              <${Icon} name="block" size=${15} /><b>${event.title || kind}</b>
              <span class="faint">${event.title ? kind : event.block}${round &&
                ` · ${t("trace.round", { n: round })}`}</span>
              <span class="ms">${end && lasting(end.ms)}</span>
              <${Button} icon="flow" look="quiet icon" title=${t("trace.block_on_flow", { name: event.title || kind })}
                id="on-flow-${event.block}" onClick=${() => look(event.block)} />
            </div>
        <ol class="hy-trace">${inner.map((one, i) =>
          html`<${ROWS[one.type]} key=${i} ...${one} titles=${titles} look=${look} />`
        )}</ol>
        <div>${end && html`<${Value} value=${end.output} />`}</div>
      </li>
    `;
  },
  model_asked({ event }) {
    const messages = event.messages ?? []; // of a very long turn they are not kept
    return html`
      <li>
        <${More} title=${t("trace.sent", { n: messages.length })} data-testid="trace-sent">
              <${CopyButton} text=${() => spoken(messages)} id="trace-sent-copy" />
              ${messages.map((one, i) => html`<${Sent} key=${i} ...${one} />`)}
              ${event.tools.length > 0 &&
                html`<p class="faint">${t("trace.tools", { names: listed(event.tools) })}</p>`}
            </${More}>
        <${Raw} title=${t("trace.request")} raw=${event.request} id="trace-request">
              ${event.tries > 1 && html`<p class="faint">${t("trace.tries", { n: event.tries })}</p>`}
            </${Raw}>
        <${Raw} title=${t("trace.answer")} raw=${event.answer} id="trace-answer" />
          </li>
    `;
  },
  model_used({ event }) {
    const tokens = t(event.estimated ? "trace.tokens_about" : "trace.tokens", {
      in: event.prompt_tokens,
      out: event.completion_tokens,
    });
    return html`<li>
      <div class="head">
        <${Icon} name="spark" size=${15} /><code>${event.model}</code><span class="faint">${
      event.cached ? t(`trace.cached_${event.cached}`) : tokens
    }</span>
        <span class="ms">${lasting(event.ms)}</span>
      </div>
      ${(event.routed ?? []).map((one) => html`<p key=${one.route} class="faint">${routed(one)}</p>`)}
      ${
      ["left_out", "cut"].filter((key) => event[key]).map((key) =>
        html`
          <p key=${key} class="faint">${t(`trace.${key}`, { n: event[key] })}</p>
        `
      )
    }
      ${
      event.thoughts &&
      html`
        <details>
          <summary class="faint">${t("trace.thoughts")}</summary>
          <pre>${event.thoughts}</pre>
        </details>
      `
    }
    </li>`;
  },
  sensed({ event }) {
    const sound = event.seconds === null ? "" : lasting(event.seconds * 1000);
    return html`
      <li data-testid="trace-${event.sense}">
        <div class="head ${event.failed ? "bad" : ""}">
          <${Icon} name="spark" size=${15} /><b>${t(`trace.${event.sense}`)}</b><code>${event.model}</code>
          <span class="faint">${event.kept ? t("trace.known") : sound}</span><span class="ms">${lasting(
            event.ms,
          )}</span>
        </div>
        <${Value} value=${event.failed ? say(event.why) : event.text} />
      </li>
    `;
  },
  tool_called({ event, end }) {
    return html`
      <li>
        <div class="head">
              <${Icon} name="tool" size=${15} /><b>${event.name}</b><span class="ms">${end && lasting(end.ms)}</span>
            </div>
        <${Value} value=${event.arguments} />
        <div>
              ${end?.failed && html`<${Pill} tone="bad">${t("trace.failed")}</${Pill}>`}
              ${end && html`<${Value} value=${end.result} />`}
            </div>
      </li>
    `;
  },
  judged: ({ event }) =>
    html`
      <li data-testid="trace-judged">
        <div class="head"><${Icon} name="check" size=${15} /><${Did} ...${event} /><span>${event.what}</span></div>
        ${say(event.why) && html`<p class="faint">${say(event.why)}</p>`}
      </li>
    `,
  failed: ({ event }) =>
    html`
      <li>
        <div class="head bad"><${Icon} name="warning" size=${15} /><b>${say(event.reason)}</b></div>
      </li>
    `,
  replied: ({ event }) =>
    html`
      <li>
        <div class="head ok">
            <${Icon} name="check" size=${15} /><b>${t(event.handoff ? "trace.handoff" : "trace.replied")}</b>
            <span class="ms">${lasting(event.ms)}</span>
          </div>
      </li>
    `,
};

/** What went over the line, word for word. */
function Raw({ title, raw, id, children = null }) {
  if (!raw) return null;
  return html`
    <${More} title=${title} data-testid=${id}>
      <div class="hy-row">${children}<${CopyButton} text=${() => raw.text} id="${id}-copy" /></div>
      <pre class="hy-pre" tabindex="0">${raw.text}</pre>
      ${raw.left > 0 && html`<p class="faint">${t("trace.left", { n: raw.left })}</p>`}
      </${More}>
  `;
}

const spoken = (messages) => messages.map(({ role, text }) => `${role}:\n${text}`).join("\n\n");

/** One message that a model got, whole. */
function Sent({ role, text, left }) {
  return html`<div class="hy-sent">
    <b class="faint">${ROLES.includes(role) ? t(`trace.role.${role}`) : role}</b>
    <pre class="hy-pre" tabindex="0">${text}</pre>
    ${left > 0 && html`<p class="faint">${t("trace.left", { n: left })}</p>`}
  </div>`;
}

function Value({ value }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  if (!text || text === "{}") return null;
  if (text.length <= LONG && !text.includes("\n")) return html`<pre class="hy-pre small">${text}</pre>`;
  return html`
    <${More} title=${t("trace.open")}>
      <${CopyButton} text=${() => text} />
      <pre class="hy-pre" tabindex="0">${text}</pre>
      </${More}>
  `;
}
