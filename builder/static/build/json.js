// The agent as JSON, editable: what is wrong is told with its line.

import { whenBack } from "../common/connection.js";
import { button, h, icon } from "../common/dom.js";
import { confirmed, copyButton } from "../common/overlay.js";
import { say, t } from "../common/texts.js";

const PAUSE = 400;

export function jsonView(build) {
  const { autosave } = build;
  let timer = 0;
  let broken = false;
  let asked = 0;
  const area = h("textarea", {
    class: "hy-input code hy-json",
    spellcheck: "false",
    "aria-label": "JSON",
    "data-testid": "json",
    wrap: "off",
  });
  area.value = JSON.stringify(autosave.data, null, 2);
  const gutter = h("pre", { class: "hy-gutter", "aria-hidden": "true" });
  const list = h("div", {
    class: "hy-json-problems",
    role: "status",
    "aria-live": "polite",
    "data-testid": "json-problems",
  });

  const number = () => (gutter.textContent = area.value.split("\n").map((_, i) => i + 1).join("\n"));
  const read = async () => {
    const mine = ++asked;
    const answer = await build.call("read_json", { text: area.value, id: build.id }, { quiet: true });
    if (mine !== asked) return;
    if (!answer.ok) whenBack().then(() => mine === asked && root.isConnected && read());
    const { data, problems } = answer.ok ? answer.value : unchecked(area.value, answer.text);
    broken = data === null;
    draw(problems);
    autosave.hold(broken ? area.value : "");
    if (broken) return build.told({ kind: "failed", reason: problems[0].text });
    if (JSON.stringify(data) !== JSON.stringify(autosave.data)) {
      autosave.replace(data);
      build.name.value = data.name ?? "";
    }
  };
  const draw = (problems) =>
    list.replaceChildren(
      ...(problems.length
        ? problems.map(entry)
        : [h("div", { class: "hy-json-good" }, icon("check", 14), t("json.good"))]),
    );
  const entry = (problem) => {
    const line = problem.line || lineIn(say(problem.text));
    return h(
      "button",
      {
        type: "button",
        class: `hy-problem ${problem.level}`,
        onclick: () => line && jump(line),
      },
      icon("warn", 14),
      h(
        "span",
        {},
        h("b", {}, say(problem.text)),
        h(
          "span",
          { class: "faint" },
          [line && t("json.line", { line }), problem.field].filter(Boolean).join(" · "),
        ),
      ),
    );
  };
  const jump = (line) => {
    const before = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    area.focus();
    area.setSelectionRange(before, before + (area.value.split("\n")[line - 1] || "").length);
    area.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(area).lineHeight));
  };

  area.addEventListener("input", () => {
    number();
    clearTimeout(timer);
    timer = setTimeout(read, PAUSE);
  });
  area.addEventListener("scroll", () => (gutter.scrollTop = area.scrollTop));
  number();
  read();
  const leave = async () => {
    clearTimeout(timer);
    await read();
    return !broken || confirmed(t("json.leave.title"), t("json.leave.hint"), t("json.leave"));
  };
  const root = h(
    "div",
    { class: "hy-page hy-json-page" },
    h(
      "div",
      { class: "hy-row apart" },
      h("p", { class: "soft" }, t("json.hint")),
      h(
        "div",
        { class: "hy-row" },
        button(t("json.tidy"), { onclick: tidy }),
        copyButton(() => area.value),
      ),
    ),
    h("div", { class: "hy-code" }, gutter, area),
    list,
  );
  function tidy() {
    if (broken) return;
    area.value = JSON.stringify(autosave.data, null, 2);
    number();
  }
  const write = (text) => {
    area.value = text;
    number();
    return read();
  };
  return { root, leave, write, isBroken: () => broken };
}

/** What the text is as far as a browser can tell, while the server does not answer. */
function unchecked(text, reason) {
  let data = null;
  try {
    data = JSON.parse(text);
  } catch {
    // the reason below is all that can be said
  }
  const isObject = data && typeof data === "object" && !Array.isArray(data);
  return { data: isObject ? data : null, problems: [{ level: "error", field: "", text: reason, line: null }] };
}

/** The line that the sentence about broken JSON names. */
const lineIn = (sentence) => Number(/第 (\d+) 行|line (\d+)/.exec(sentence)?.slice(1).find(Boolean)) || 0;
