/** A program, and its test. */

import { html } from "preact";
import { Input } from "../static/common/field.js";
import { useTaken } from "./taken.js";
import { Trial } from "./tool_trial.js";

export function Code({ value, change, context }) {
  const { editor, block, labelledby, anew } = context;
  const [text, setText] = useTaken(value ?? "", anew);
  const write = (next) => (setText(next), change(next));
  const names = () => Object.keys(block().values ?? {});
  // What it is given is asked anew each time the test is opened: it is set beside the program.
  const form = () => ({
    ok: true,
    value: { parameters: { properties: Object.fromEntries(names().map((name) => [name, {}])) } },
  });
  return html`
    <${Input} class="fe-input fe-code" rows=${8} value=${text} spellcheck=${false} onChange=${write}
      aria-labelledby=${labelledby} />
    ${editor.tryBlock && html`
      <${Trial} editor=${editor} title=${editor.t("try_code")} hint=${editor.t("try_code_hint")} form=${form}
        once=${(given) => editor.tryBlock(block(), given)} />
    `}
  `;
}
