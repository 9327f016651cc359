// What is to be corrected in an agent: one button, a list, and the way to the block and the field.

import { button, h, icon, pill } from "../common/dom.js";
import { dialog } from "../common/overlay.js";
import { say, t } from "../common/texts.js";
import { blockAt } from "./where.js";

/** The button that tells how many there are; nothing when there are none. */
export function alarm(build) {
  if (!build.problems.length) return [];
  const errors = build.problems.some((problem) => problem.level === "error");
  return [
    button(t("build.problems", { n: build.problems.length }), {
      name: "warn",
      look: errors ? "alarm bad" : "alarm",
      id: "problems",
      onclick: () => showProblems(build),
    }),
  ];
}

export function showProblems(build) {
  const entries = build.problems.map((problem) =>
    h(
      "button",
      {
        type: "button",
        class: `hy-problem ${problem.level}`,
        "data-testid": "problem",
        onclick: () => (shown.close(), jump(build, problem)),
      },
      icon("warn"),
      h(
        "span",
        {},
        h("b", {}, say(problem.text)),
        h("span", { class: "faint" }, build.place(problem.field)),
      ),
      pill(t(`level.${problem.level}`), problem.level === "error" ? "bad" : "warn"),
    )
  );
  const shown = dialog(t("build.problems.title"), h("div", { class: "hy-stack tight" }, entries), [], {
    id: "problems-dialog",
  });
}

async function jump(build, problem) {
  const block = blockAt(build.autosave.data, problem.field);
  if (block) {
    await build.go("flow");
    return (await build.editor()).reveal(problem.field);
  }
  const raw = /^(id|format)\b/.test(problem.field);
  return build.go(problem.field.startsWith("flow") ? "flow" : raw ? "json" : "settings");
}
