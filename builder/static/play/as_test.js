// The chat becomes a test of the agent; and the lines of a test are said in the chat.

import { html, useState } from "preact";
import { Button, Card } from "../common/elements.js";
import { useLoad } from "../common/load.js";
import { href, told } from "../common/server.js";
import { say, t } from "../common/texts.js";
import { toast } from "../common/toast.js";
import { useShared } from "./chat_state.js";

/** `variables`: other values of the agent's, for this test; `play(line)` is null while a turn runs. */
export function KeepTest({ call, agent: { id }, variables, play }) {
  const { chat, tip } = useShared();
  const keep = async () => {
    const answer = await call("keep_chat", { id, chat, tip, variables });
    if (!answer.ok) return told(answer);
    const there = `${href("tests")}&case=${encodeURIComponent(answer.value.case)}`;
    toast(say(answer.text), { action: { label: t("play.keep_test.open"), run: () => location.assign(there) } });
  };
  return chat && call.may("keep_chat", id) && html`
    <${Button} label=${t(
      "play.keep_test",
    )} icon="check" look="quiet" id="keep-test" disabled=${!play} onClick=${keep} />
  `;
}

/** Those of the test that the address names. */
export function TestLines({ call, agent: { id }, play }) {
  const wanted = new URLSearchParams(location.search).get("case");
  return wanted && html`<${Lines} call=${call} asked=${{ id, case: wanted }} play=${play} />`;
}

function Lines({ call, asked, play }) {
  const { value: found } = useLoad(call, "case_lines", asked, { part: true });
  const [next, setNext] = useState(0);
  if (!found) return null;
  const line = (text, i) =>
    html`
      <div class="hy-row apart" key=${i}>
        <span class="hy-verbatim">${text}</span>
        <${Button} label=${t("play.case.say")} look=${i === next ? "primary" : ""} id="say-${i}" disabled=${!play}
          onClick=${() => (setNext(i + 1), play(text))} />
      </div>
    `;
  return html`
    <${Card} title=${t("play.case", { name: found.title })} data-testid="test-lines">
      <div class="hy-stack tight">${found.lines.map(line)}</div>
      </${Card}>
  `;
}
