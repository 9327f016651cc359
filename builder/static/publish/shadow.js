// A version that answers real messages beside the one that people get, heard by nobody.

import { html, useEffect, useState } from "preact";
import { Button } from "../common/elements.js";
import { Field, Input, Select } from "../common/field.js";
import { told } from "../common/server.js";
import { ago, inDollars, say, t, YUAN_PER_DOLLAR } from "../common/texts.js";
import { gone } from "../common/undo.js";
import { wrongAt } from "../common/wrong_at.js";
import { Differences } from "./differences.js";
import { Over, Trial, Which } from "./trial.js";

const SHARES = [1, 5, 10, 25, 50, 100];

export function Shadow(context) {
  const { now, last } = context.publication.shadow;
  const title = now ? t("shadow.runs", now) : t("shadow");
  const hint = now
    ? t("shadow.since", { ...now, ago: ago(now.since), most: inDollars(now.yuan / YUAN_PER_DOLLAR) })
    : t("shadow.hint");
  return html`
    <${Trial} id="shadow" title=${title} hint=${hint} now=${now} running=${html`
      <${Running} ...${context} now=${now} />
    `} beginning=${html`<${Beginning} ...${context} />`}
      last=${last && html`<${Last} ...${last} />`} />
  `;
}

/** In dollars, as all limits are entered; it is kept in yuan. */
const usual = (shadow) => String(Math.round(shadow.usual / YUAN_PER_DOLLAR * 100) / 100);

function Beginning({ call, publication, again }) {
  const [given, setGiven] = useState({ version: "0", share: "10", dollars: usual(publication.shadow) });
  const [wrong, setWrong] = useState(/** @type {Record<string, string>} */ ({}));
  const change = (one) => setGiven({ ...given, ...one });
  const shares = SHARES.map((share) => [String(share), t("shadow.share.of", { share })]);
  const start = async () => {
    const { version, share, dollars } = given;
    const args = { version: Number(version), share: Number(share), yuan: (Number(dollars) || 0) * YUAN_PER_DOLLAR };
    const answer = await call("start_shadow", { publication: publication.id, ...args });
    const { at, rest } = wrongAt(answer, ["yuan"]);
    setWrong(at);
    if ((answer.ok || rest) && told(answer)) await again();
  };
  return html`
    <${Which} id="shadow" publication=${publication} value=${given.version}
      onChange=${(version) => change({ version })} />
    <${Field} id="shadow-share" label=${t("shadow.share")}>
      <${Select} id="shadow-share" value=${given.share} options=${shares} onChange=${(share) => change({ share })} />
      </${Field}>
      <${Field} id="shadow-dollars" label=${t("shadow.dollars")} hint=${t("shadow.dollars.hint")} wrong=${wrong.yuan}>
        <${Input} id="shadow-dollars" value=${given.dollars} inputmode="decimal" wrong=${wrong.yuan}
          onChange=${(dollars) => change({ dollars })} />
        </${Field}>
        <div>
          <${Button} label=${t("shadow.start")} icon="send" id="shadow-start" onClick=${start} />
        </div>
  `;
}

/** What it came to so far, and what may be done with it. */
function Running({ call, agent, publication, again, now }) {
  const args = { publication: publication.id };
  const [found, setFound] = useState({ says: { zh: "", en: "" }, differ: 0 });
  const [pairs, setPairs] = useState(null);
  const look = async () => {
    const answer = await call("shadow_report", args);
    if (answer.ok) setFound(answer.value), setPairs(null);
  };
  useEffect(() => void look(), [publication.id, now.version]);
  const show = async () => {
    const value = told(await call("shadow_pairs", args));
    if (value) setPairs(value.pairs);
  };
  return html`
    ${say(found.says) && html`<p class="soft hy-verbatim" data-testid="shadow-says">${say(found.says)}</p>`}
    ${pairs && html`<${Differences} agent=${agent} call=${call} talks=${pairs} />`}
    <div class="hy-row">
      ${found.differ > 0 && !pairs && call.may("shadow_pairs", agent) &&
        html`
          <${Button} label=${t("shadow.pairs", { n: found.differ })} id="shadow-pairs" onClick=${show} />
        `}
      <${Button} label=${t("shadow.stop")} look="danger" id="shadow-stop"
        onClick=${() => gone(call, "stop_shadow", args, again)} />
      <${Button} label=${t("canary.refresh")} look="quiet" icon="refresh" id="shadow-refresh" onClick=${look} />
    </div>
  `;
}

const Last = ({ says, ...last }) =>
  html`
    <${Over} id="shadow" ...${last} />
    ${say(says) && html`<p class="soft hy-verbatim">${say(says)}</p>`}
  `;
