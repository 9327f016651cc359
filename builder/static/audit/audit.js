// Who did what here: searched, page by page, with what it was before, and whether nobody touched the log.

import { html, useState } from "preact";
import { Button, Callout, Card, Head, Link } from "../common/elements.js";
import { Calm, Empty } from "../common/empty.js";
import { Failed, useLoad } from "../common/load.js";
import { at } from "../common/root.js";
import { caller } from "../common/server.js";
import { show } from "../common/show.js";
import { say, t } from "../common/texts.js";
import { addressOf, asked, NOTHING, Search } from "./search.js";
import { Record } from "./record.js";

export const mount = ({ element, page }) => show(html`<${Audit} call=${caller(page)} />`, element);

function Audit({ call }) {
  const { value, instead } = useLoad(call, "overview");
  const [sought, setSought] = useState(NOTHING);
  if (instead) return instead;
  const form = (name) =>
    html`<a key=${name} class="hy-btn" download href=${at(addressOf(name, sought))} data-testid="export-${name}">
      ${t(`audit.form.${name}`)}</a>`;
  return html`
    <div class="hy-page">
      <${Head} title=${t("audit.title")} hint=${t("audit.hint")} />
      <${Chain} call=${call} days=${value.days} />
      <${Card}>
        <${Search} sought=${sought} change=${setSought} people=${value.people} areas=${value.areas} />
        <${Records} key=${JSON.stringify(sought)} call=${call} sought=${sought} clear=${() => setSought(NOTHING)} />
        </${Card}>
        <${Card} title=${t("audit.export")} hint=${t("audit.export.hint")}>
          <div class="hy-row">${value.forms.map(form)}</div>
          </${Card}>
          </div>
  `;
}

/** Whether every record is as it was written, and for how long they stay. */
function Chain({ call, days }) {
  const { answer, value, again } = useLoad(call, "verify", {}, { part: true });
  const kept = t("audit.days", { days });
  if (answer && !answer.ok) return html`<${Failed} answer=${answer} again=${again} />`;
  if (!value) return html`<${Callout} title=${t("audit.checking")} detail=${kept} />`;
  const check = html`<${Button} label=${t("audit.again")} id="check-again" onClick=${again} />`;
  if (value.trouble) {
    return html`<${Callout} tone="bad" title=${say(value.trouble)} detail=${kept}>${check}</${Callout}>`;
  }
  const whole = t(value.last ? "audit.whole" : "audit.none", { last: value.last, n: value.records });
  const cut = value.cut ? ` ${t("audit.cut", { n: value.cut })}` : "";
  return html`<${Callout} tone="ok" title=${whole} detail=${kept + cut}>${check}</${Callout}>`;
}

function Records({ call, sought, clear }) {
  const [pages, setPages] = useState([0]); // each by the number below which it begins
  const { value, again, instead } = useLoad(call, "records", { ...asked(sought), below: pages.at(-1) }, { part: true });
  if (instead) return instead;
  const { records, next } = value;
  const isAll = JSON.stringify(sought) === JSON.stringify(NOTHING);
  if (!records.length && !next && pages.length === 1) {
    if (!isAll) {
      return html`
        <${Calm} of="records_found" />
        <div class="hy-row center">
          <${Button} label=${t("audit.clear")} id="clear-search" onClick=${clear} />
        </div>
      `;
    }
    return html`
      <${Empty} of="records">
        <${Link} label=${t("nav.agents")} href=${at("./")} />
        </${Empty}>
    `;
  }
  const names = ["time", "who", "what", "of", "from", "status"].map((name) => t(`audit.${name}`));
  return html`
    <table class="hy-audit" data-testid="records">
      <caption class="hy-offscreen">${t("audit.title")}</caption>
      <thead><tr>${names.map((name) => html`<th scope="col" key=${name}>${name}</th>`)}</tr></thead>
      ${records.map((one) => html`<${Record} key=${one.number} one=${one} names=${names} />`)}
    </table>
    ${!records.length && html`<p class="soft">${t("audit.so_far", { n: next })}</p>`}
    <nav class="hy-row center" aria-label=${t("audit.pages")}>
      ${pages.length > 1 &&
        html`<${Button} label=${t("audit.newer")} id="newer" onClick=${() => setPages(pages.slice(0, -1))} />`}
      ${pages.length === 1 && html`<${Button} label=${t("audit.renew")} id="renew" onClick=${again} />`}
      ${next > 0 &&
        html`<${Button} label=${t("audit.older")} id="older" onClick=${() => setPages([...pages, next])} />`}
    </nav>
  `;
}
