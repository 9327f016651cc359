// Write where somebody reads, and let the other channels' trouble be told there.

import { html, useState } from "preact";
import { Button, Callout } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";
import { keyOf, useTyped } from "./typed.js";

export function Announce({ call, agent, publication, again }) {
  // `key`: of this text; sent again after an answer that got lost, it is there once
  const [{ text, key }, keep, forget] = useTyped(keyOf(agent, "announce", publication), { text: "", key: "" });
  const [wrong, setWrong] = useState("");
  const [said, setSaid] = useState(null);
  const { id, alerts } = publication;
  const change = (written) => keep({ text: written, key: `${Date.now()} ${Math.random()}` });
  const go = async () => {
    const answer = await call("say", { publication: id, text, key });
    setWrong(answer.ok ? "" : say(answer.text));
    if (answer.ok) {
      keep({ text: "", key: "" }), forget();
      setSaid({ tone: answer.value.state === "failed" ? "bad" : "ok", title: say(answer.text) });
    }
  };
  const turn = async () => {
    if (told(await call("alerts_here", { publication: id, here: !alerts }))) await again();
  };
  return html`
    <section class="hy-card hy-stack" data-testid="announce">
      ${call.may("say", agent) && html`
        <${Field} id="announce-text" label=${t("announce")} hint=${t("announce.hint")} wrong=${wrong}>
          <div class="hy-list-row">
            <${Input} id="announce-text" value=${text} wrong=${wrong} placeholder=${t("announce.example")}
              onChange=${change} onEnter=${go} />
            <${Button} label=${t("announce.go")} icon="send" id="announce-go" onClick=${go} />
          </div>
          </${Field}>
      `}
        <div aria-live="polite" data-testid="announced">${said && html`<${Callout} ...${said} />`}</div>
        <div class="hy-row apart">
          <div>
            <h3>${t("alerts")}</h3>
            <p class="soft">${t(alerts ? "alerts.here" : "alerts.hint")}</p>
          </div>
          ${call.may("alerts_here") && html`
            <${Button} label=${t(alerts ? "alerts.off" : "alerts.on")} icon="bell" id="alerts" onClick=${turn} />
          `}
        </div>
        </section>
  `;
}
