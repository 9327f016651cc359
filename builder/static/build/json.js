// The agent as JSON, editable: what is wrong is told with its line.

import { html, useLayoutEffect, useMemo, useRef, useState } from "preact";
import { whenBack } from "../common/connection.js";
import { CopyButton } from "../common/copy.js";
import { confirmed } from "../common/dialog.js";
import { Button, Icon } from "../common/elements.js";
import { say, t } from "../common/texts.js";
import { Problem } from "./problems.js";

const PAUSE = 400; // ms after the last key
const ABOVE = 6; // lines shown above the one that is jumped to

export function Json({ work }) {
  const [text, setText] = useState(() => JSON.stringify(work.autosave.data, null, 2));
  const [problems, setProblems] = useState(null);
  const area = useRef(null);
  const gutter = useRef(null);
  const reader = useMemo(() => new Reader(work, setProblems), []);
  useLayoutEffect(() => {
    const write = (next) => (setText(next), reader.read(next));
    work.json = { leave: () => reader.leave(), isBroken: () => reader.broken, write };
    reader.read(text);
    return () => reader.stop();
  }, []);
  const typed = (next) => (setText(next), reader.later(next));
  const tidy = () => reader.broken || setText(JSON.stringify(work.autosave.data, null, 2));
  const numbers = text.split("\n").map((_, i) => i + 1).join("\n");
  return html`
    <div class="hy-page hy-json-page">
      <div class="hy-row apart">
        <p class="soft">${t("json.hint")}</p>
        <div class="hy-row">
          <${Button} label=${t("json.tidy")} onClick=${tidy} />
          <${CopyButton} text=${() => area.current.value} />
        </div>
      </div>
      <div class="hy-code">
        <pre class="hy-gutter" aria-hidden="true" ref=${gutter}>${numbers}</pre>
        <textarea class="hy-input code hy-json" spellcheck=${false} aria-label="JSON" data-testid="json" wrap="off"
          ref=${area}
          value=${text} onInput=${(event) => typed(event.target.value)}
          onScroll=${() => void (gutter.current.scrollTop = area.current.scrollTop)} />
      </div>
      <div class="hy-json-problems" role="status" aria-live="polite" data-testid="json-problems">
          ${problems && html`<${Found} problems=${problems} jump=${(line) => jump(area.current, line)} />`}
        </div>
    </div>
  `;
}

function Found({ problems, jump }) {
  if (!problems.length) {
    return html`<div class="hy-json-good"><${Icon} name="check" size=${14} />${t("json.good")}</div>`;
  }
  return problems.map((problem, i) => {
    const line = problem.line || lineIn(say(problem.text));
    const place = [line && t("json.line", { line }), problem.field].filter(Boolean).join(" · ");
    return html`<${Problem} key=${i} problem=${problem} place=${place} onClick=${() => line && jump(line)} />`;
  });
}

function jump(area, line) {
  const lines = area.value.split("\n");
  const before = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(before, before + (lines[line - 1] || "").length);
  area.scrollTop = Math.max(0, (line - ABOVE) * parseFloat(getComputedStyle(area).lineHeight));
}

/** Has the text checked and taken over, once somebody paused. */
class Reader {
  text = "";
  timer = 0;
  asked = 0;
  broken = false;

  constructor(work, show) {
    this.work = work;
    this.show = show;
  }

  later(text) {
    this.text = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.read(text), PAUSE);
  }

  stop() {
    clearTimeout(this.timer);
    this.asked = -1;
  }

  async read(text) {
    const { work } = this;
    const mine = ++this.asked;
    this.text = text;
    const answer = await work.call("read_json", { text, id: work.id }, { quiet: true });
    if (mine !== this.asked) return;
    if (!answer.ok) whenBack().then(() => mine === this.asked && this.read(text));
    const { data, problems } = answer.ok ? answer.value : unchecked(text, answer.text);
    this.broken = data === null;
    this.show(problems);
    work.autosave.hold(this.broken ? text : "");
    if (this.broken) return work.told({ kind: "failed", reason: problems[0].text });
    if (JSON.stringify(data) !== JSON.stringify(work.autosave.data)) work.autosave.replace(data);
    work.draw();
  }

  /** Whether the view may be left: what is no agent yet would be lost. */
  async leave() {
    clearTimeout(this.timer);
    await this.read(this.text);
    return !this.broken || confirmed(t("json.leave.title"), t("json.leave.hint"), t("json.leave"));
  }
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
