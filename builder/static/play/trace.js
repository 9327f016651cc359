// What happened in the last turn, step by step.

import { empty, h, icon, pill } from "../common/dom.js";
import { lasting, say, t } from "../common/texts.js";

/** `events`: the engine's events as JSON with `at`, ms since the turn began; `titles`: block kind → {zh, en}. */
export function trace(events, titles) {
  if (!events.length) return empty("clock", t("trace.none"), t("trace.none.hint"));
  const rows = { "": h("ol", { class: "hy-trace" }) };
  for (const event of events) (draw[event.type] || (() => {}))(event, rows, titles);
  return h("div", { class: "hy-card", "data-testid": "trace" }, rows[""]);
}

const draw = {
  block_started(event, rows, titles) {
    const kind = say(titles[event.kind]) || event.kind;
    const inner = h("ol", { class: "hy-trace" });
    const time = h("span", { class: "ms" });
    const output = h("div", {});
    rows[event.block] = inner;
    rows.last = event.block;
    rows[`${event.block}/done`] = { time, output };
    rows[""].append(
      h(
        "li",
        { "data-testid": `trace-${event.block}` },
        h(
          "div",
          { class: "head" },
          icon("block", 15),
          h("b", {}, event.title || kind),
          h("span", { class: "faint" }, event.title ? kind : event.block),
          time,
        ),
        inner,
        output,
      ),
    );
  },
  block_finished(event, rows) {
    const { time, output } = rows[`${event.block}/done`];
    time.textContent = lasting(event.ms);
    output.replaceChildren(values(event.output));
  },
  // told before its block is; it belongs to the round that follows, or to the failure
  model_asked(event, rows) {
    rows.asked = h(
      "li",
      {},
      h(
        "details",
        { class: "hy-more", "data-testid": "trace-sent" },
        h("summary", {}, t("trace.sent", { n: event.messages.length })),
        event.messages.map(sent),
        event.tools.length > 0 && h("p", { class: "faint" }, t("trace.tools", { names: event.tools.join("、") })),
      ),
    );
  },
  model_used(event, rows) {
    rows[event.block]?.append(
      ...taken(rows),
      h(
        "li",
        {},
        h(
          "div",
          { class: "head" },
          icon("spark", 15),
          h("code", {}, event.model),
          h(
            "span",
            { class: "faint" },
            t(event.estimated ? "trace.tokens_about" : "trace.tokens", {
              in: event.prompt_tokens,
              out: event.completion_tokens,
            }),
          ),
          h("span", { class: "ms" }, lasting(event.ms)),
        ),
        event.thoughts &&
          h("details", {}, h("summary", { class: "faint" }, t("trace.thoughts")), h("pre", {}, event.thoughts)),
      ),
    );
  },
  tool_called(event, rows) {
    const time = h("span", { class: "ms" });
    const result = h("div", {});
    rows[event.call] = { time, result };
    rows[event.block]?.append(
      h(
        "li",
        {},
        h("div", { class: "head" }, icon("tool", 15), h("b", {}, event.name), time),
        values(event.arguments),
        result,
      ),
    );
  },
  tool_returned(event, rows) {
    const { time, result } = rows[event.call];
    time.textContent = lasting(event.ms);
    result.replaceChildren(event.failed ? pill(t("trace.failed"), "bad") : "", values(event.result));
  },
  failed(event, rows) {
    (rows[rows.last] ?? rows[""]).append(...taken(rows));
    rows[""].append(
      h("li", {}, h("div", { class: "head bad" }, icon("warn", 15), h("b", {}, say(event.reason)))),
    );
  },
  replied(event, rows) {
    rows[""].append(
      h(
        "li",
        {},
        h(
          "div",
          { class: "head ok" },
          icon("check", 15),
          h("b", {}, t(event.handoff ? "trace.handoff" : "trace.replied")),
          h("span", { class: "ms" }, lasting(event.ms)),
        ),
      ),
    );
  },
};

/** What a model was sent, once. */
function taken(rows) {
  const { asked } = rows;
  rows.asked = null;
  return asked ? [asked] : [];
}

/** One message that a model got, whole. */
function sent({ role, text, left }) {
  const known = ["system", "user", "assistant", "tool"].includes(role);
  return h(
    "div",
    { class: "hy-sent" },
    h("b", { class: "faint" }, known ? t(`trace.role.${role}`) : role),
    h("pre", { class: "hy-pre" }, text),
    left > 0 && h("p", { class: "faint" }, t("trace.left", { n: left })),
  );
}

function values(output) {
  const text = typeof output === "string" ? output : JSON.stringify(output, null, 2);
  if (!text || text === "{}") return h("span", {});
  return text.length > 120 || text.includes("\n")
    ? h(
      "details",
      { class: "hy-more" },
      h("summary", {}, t("trace.open")),
      h("pre", { class: "hy-pre" }, text),
    )
    : h("pre", { class: "hy-pre small" }, text);
}
