// How far the connection is, live; and the self-test.

import { button, callout, h, icon } from "../common/dom.js";
import { ago, clock, say, t } from "../common/texts.js";

const EVERY = 1500; // ms between two looks

export function liveState({ call, channel, publication, onstop }) {
  const steps = h("ol", { class: "hy-progress" });
  const note = h("div", {
    role: "status",
    "aria-live": "polite",
    "data-testid": "live-state",
  });
  const result = h("div", {
    "aria-live": "polite",
    "data-testid": "self-test-result",
  });
  const test = async () => {
    const answer = await call("test", { publication: publication.id }, {
      seconds: 60,
    });
    result.replaceChildren(callout(answer.ok ? "ok" : "bad", say(answer.text)));
  };
  const names = { platform: say(channel.words.platform), console: say(channel.words.console) };
  let seen = "";
  const draw = (state) => {
    const now = JSON.stringify([state, Math.floor(Date.now() / 30000)]);
    if (now === seen) return;
    seen = now;
    steps.replaceChildren(...[
      step("filled", true),
      channel.checked && step("verified", state.verified_at, names),
      step("message", state.message_at),
    ].filter(Boolean));
    note.replaceChildren(sentence(state));
  };
  draw(publication.state);

  let over = false;
  const look = async () => {
    if (over || !note.isConnected) return;
    if (!document.hidden) {
      const answer = await call("state", { publication: publication.id }, {
        quiet: true,
      });
      if (answer.ok) draw(answer.value);
    }
    setTimeout(look, EVERY);
  };
  setTimeout(look, EVERY);
  onstop(() => (over = true));

  return h(
    "section",
    { class: "hy-card" },
    h(
      "header",
      {},
      h("div", {}, h("h2", {}, t("live.title")), h("p", {}, t("live.hint", names))),
      channel.checked && button(t("live.test"), {
        name: "refresh",
        id: "self-test",
        onclick: test,
      }),
    ),
    h("div", { class: "hy-stack" }, steps, note, result),
  );
}

function step(name, at, names) {
  const time = typeof at === "number" ? clock(at) : "";
  return h(
    "li",
    { class: at ? "done" : "", "data-testid": `step-${name}` },
    h("span", { class: "mark" }, icon(at ? "check" : "clock", 14)),
    h(
      "span",
      {},
      h("b", {}, t(`step.${name}.${at ? "done" : "todo"}`, names)),
      time && h("span", { class: "faint" }, ` ${time}`),
    ),
  );
}

/** What runtime/publish/standing.py found to say. */
function sentence({ tone, title, hint, at }) {
  const when = at ? t("live.seen_at", { when: ago(at) }) : "";
  return callout(tone, say(title), [say(hint), when].filter(Boolean).join(" "));
}
