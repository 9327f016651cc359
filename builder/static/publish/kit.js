// The project that comes with a channel: saved by one click, and what is done with it at the platform.

import { html, useState } from "preact";
import { download } from "../common/copy.js";
import { Button, Callout, Card } from "../common/elements.js";
import { say, t } from "../common/texts.js";

export function KitCard({ call, channel, publication }) {
  const [wrong, setWrong] = useState("");
  const save = async () => {
    const answer = await call("kit", { publication: publication.id });
    setWrong(answer.ok ? "" : say(answer.text));
    if (!answer.ok) return;
    const { name, base64 } = answer.value;
    download(name, Uint8Array.from(atob(base64), (one) => one.charCodeAt(0)), "application/zip");
  };
  const { title, hint, steps } = channel.kit;
  return html`
    <${Card} title=${say(title)} hint=${say(hint)} data-testid="kit">
      <div class="hy-stack">
        <div><${Button} label=${t("kit.save")} icon="download" look="primary" id="kit-save" onClick=${save} /></div>
        <div aria-live="assertive">${wrong && html`<${Callout} tone="bad" title=${wrong} />`}</div>
        ${steps.map((note, i) =>
          html`
            <div key=${i} class="hy-field">
              <div class="label"><span class="hy-number">${i + 1}</span>${say(note.title)}</div>
              <div class="soft">${say(note.hint)}</div>
            </div>
          `
        )}
      </div>
      </${Card}>
  `;
}
