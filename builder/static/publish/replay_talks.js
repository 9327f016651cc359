// Real conversations of the last days, played against what is in Build, before it is published.

import { html, useState } from "preact";
import { Button, Callout, Card } from "../common/elements.js";
import { Field, Select } from "../common/field.js";
import { told } from "../common/server.js";
import { say, t } from "../common/texts.js";
import { Differences } from "./differences.js";

const DAYS = [1, 3, 7, 30];
const MOST = [10, 20, 50];

export function ReplayTalks({ call, agent, publication }) {
  const [given, setGiven] = useState({ days: "1", most: "20" });
  const [found, setFound] = useState(null);
  const change = (one) => setGiven({ ...given, ...one });
  if (!call.may("replay_talks", agent)) return null;
  const go = async () => {
    setFound(null);
    const args = { days: Number(given.days), most: Number(given.most) };
    const value = told(await call("replay_talks", { publication: publication.id, ...args }));
    if (value) setFound(value);
  };
  const days = DAYS.map((n) => [String(n), t(n === 1 ? "replay_talks.day" : "replay_talks.days", { n })]);
  const most = MOST.map((n) => [String(n), t("replay_talks.most.of", { n })]);
  return html`
    <${Card} title=${t("replay_talks")} hint=${t("replay_talks.hint")}>
      <div class="hy-stack" data-testid="replay-talks">
        <${Field} id="replay-days" label=${t("replay_talks.since")}>
          <${Select} id="replay-days" value=${given.days} options=${days} onChange=${(one) => change({ days: one })} />
          </${Field}>
          <${Field} id="replay-most" label=${t("replay_talks.most")}>
            <${Select} id="replay-most" value=${given.most} options=${most} onChange=${(one) =>
              change({ most: one })} />
            </${Field}>
            <div>
              <${Button} label=${t("replay_talks.go")} icon="play" id="replay-go" onClick=${go} />
            </div>
            ${found &&
              html`
                <${Callout} tone=${found.otherwise ? "warn" : "ok"} title=${say(found.says)} />
                ${found.talks.length > 0 &&
                  html`<${Differences} call=${call} agent=${agent} talks=${found.talks} />`}
              `}
      </div>
      </${Card}>
  `;
}
