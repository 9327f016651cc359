// An answer that was read out, with the browser's own controls.

import { html, useEffect, useState } from "preact";
import { Callout } from "../common/elements.js";
import { say, t } from "../common/texts.js";

/** `voice`: {hash}; it is fetched once it is there, and plays when somebody wants it to. */
export function Voice({ call, voice }) {
  const [source, setSource] = useState("");
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    let isGone = false;
    let address = "";
    void call("voice", { hash: voice.hash }, { quiet: true }).then((answer) => {
      if (isGone) return;
      if (!answer.ok) return setWrong(say(answer.text));
      const bytes = Uint8Array.from(atob(answer.value.content), (sign) => sign.charCodeAt(0));
      setSource(address = URL.createObjectURL(new Blob([bytes], { type: answer.value.type })));
    });
    return () => {
      isGone = true;
      URL.revokeObjectURL(address);
    };
  }, [voice.hash]);
  if (wrong) return html`<${Callout} tone="warn" title=${wrong} />`;
  return source && html`
    <audio class="hy-voice" controls src=${source} aria-label=${t("play.voice")} data-testid="voice" />
  `;
}
