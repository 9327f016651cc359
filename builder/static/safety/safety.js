// Content safety: what checks decided, a text to try, and the word lists.

import { html, useState } from "preact";
import { Button, Callout, Card, Head, Link } from "../common/elements.js";
import { Empty } from "../common/empty.js";
import { Field, Input, Select } from "../common/field.js";
import { useLoad } from "../common/load.js";
import { useOpens } from "../common/opens.js";
import { at } from "../common/root.js";
import { caller, told } from "../common/server.js";
import { show } from "../common/show.js";
import { Line, Table } from "../common/table.js";
import { say, t } from "../common/texts.js";
import { Decisions } from "./decisions.js";
import { Did } from "./did.js";
import { Lists } from "./lists.js";

export const mount = ({ element, page }) => show(html`<${Safety} call=${caller(page)} page=${page} />`, element);

function Safety({ call, page }) {
  const opens = useOpens();
  const { value, instead, again } = useLoad(call, "overview");
  if (instead) return instead;
  const guarded = value.agents.filter(({ checks }) => checks);
  return html`
    <div class="hy-page">
      <${Head} title=${t("safety.title")} hint=${t("safety.subtitle")}>
        ${opens("privacy") && html`
          <${Link} label=${t("find.page.privacy")} href=${at("privacy")} id="to-privacy" />
        `}
      </${Head}>
      ${guarded.length ? html`<${Trying} call=${call} agents=${guarded} places=${value.places} />` : html`
        <${Card}>
          <${Empty} of="safety">
            <${Link} label=${t("safety.choose")} look="primary" href="./" />
            </${Empty}>
            </${Card}>
      `}
      <${Lists} call=${call} page=${page} lists=${value.lists} may=${value.may.edit} again=${again} />
      ${value.may.decisions && html`<${Decisions} call=${call} agents=${value.agents} />`}
    </div>
  `;
}

/** What the checks of an agent say of a text. */
function Trying({ call, agents, places }) {
  const [id, setId] = useState(agents[0].id);
  const [place, setPlace] = useState(places[0][0]);
  const [text, setText] = useState("");
  const [said, setSaid] = useState(null);
  const attempt = async () => setSaid(told(await call("try_text", { id, place, text })));
  const named = (pairs) => pairs.map(([value, title]) => [value, say(title) || title]);
  return html`
    <${Card} title=${t("safety.try")} hint=${t("safety.try.hint")} data-testid="try-safety">
      <div class="hy-stack">
        <div class="hy-form two">
          <${Field} id="try-agent" label=${t("safety.agent")}>
            <${Select} id="try-agent" value=${id} options=${agents.map((
              one,
            ) => [one.id, one.name])} onChange=${setId} />
            </${Field}>
            <${Field} id="try-place" label=${t("safety.place")}>
              <${Select} id="try-place" value=${place} options=${named(places)} onChange=${setPlace} />
              </${Field}>
              </div>
              <${Field} id="try-text" label=${t("safety.text")}>
                <${Input} id="try-text" rows=${3} value=${text} onChange=${setText} />
                </${Field}>
                <div>
                  <${Button} label=${t("safety.try.do")} look="primary" id="try-now" onClick=${attempt} />
                </div>
                <div aria-live="polite" class="hy-stack tight" data-testid="tried">${said &&
                  html`<${Tried} ...${said} />`}</div>
                </div>
                </${Card}>
  `;
}

function Tried({ action, text, checks }) {
  const tone = action ? "bad" : "ok";
  return html`
    <${Callout} tone=${tone} title=${t(action ? `safety.did.${action}` : "safety.passes")} detail=${text} />
    <${Table}>${checks.map((one, i) =>
      html`<${Line} key=${i} id="tried-${i}">
        <div class="hy-row"><b>${say(one.title)}</b><${Did} ...${one} /></div>
        ${(one.what || one.why) && html`<p class="soft">${one.what || say(one.why)}</p>`}
      </${Line}>`
    )}</${Table}>
  `;
}
