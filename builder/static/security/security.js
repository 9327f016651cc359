// Security: what stands open, why that matters, and the one thing that closes it.

import { html } from "preact";
import { Callout, Card, Head, Link, More, Pill } from "../common/elements.js";
import { useLoad } from "../common/load.js";
import { at } from "../common/root.js";
import { caller } from "../common/server.js";
import { show } from "../common/show.js";
import { Line, Table } from "../common/table.js";
import { say, t } from "../common/texts.js";

export const mount = ({ element, page }) => show(html`<${Security} call=${caller(page)} />`, element);

function Security({ call }) {
  const { value, instead } = useLoad(call, "overview");
  if (instead) return instead;
  const of = (state) => value.points.filter((one) => one.state === state);
  const [bad, warn, ok] = [of("bad"), of("warn"), of("ok")];
  return html`
    <div class="hy-page" data-testid="security-page">
      <${Head} title=${t("security.title")} hint=${t("security.subtitle")} />
      <${Callout} tone=${bad.length ? "bad" : warn.length ? "warn" : "ok"}
        title=${bad.length ? t("security.bad", { n: bad.length }) : t("security.none_bad")}
        detail=${warn.length ? t("security.warn", { n: warn.length }) : t("security.none_warn")} />
      ${bad.length > 0 && html`<${Points} title=${t("security.to_mend")} points=${bad} />`}
      ${warn.length > 0 && html`<${Points} title=${t("security.to_decide")} points=${warn} />`}
      <${Card}><${More} title=${t("security.ok", { n: ok.length })} open=${!bad.length && !warn.length}>
        <${List} points=${ok} />
      </${More}></${Card}>
    </div>
  `;
}

const Points = ({ title, points }) =>
  html`
    <${Card} title=${title}>
      <${List} points=${points} />
      </${Card}>
  `;
const List = ({ points }) =>
  html`<${Table}>${points.map((one) => html`<${Point} key=${one.point} one=${one} />`)}</${Table}>`;

function Point({ one }) {
  const mend = one.do && html`<${Link} label=${t("security.go")} href=${at(one.to)} id="mend-${one.point}" />`;
  return html`
    <${Line} id="point-${one.point}" actions=${mend}>
      <div class="hy-row"><b>${say(one.says)}</b>
        <${Pill} tone=${one.state}>${t(`security.state.${one.state}`)}</${Pill}></div>
      <p class="faint">${say(one.why)}</p>
      ${one.do && html`<p>${say(one.do)}</p>`}
      </${Line}>
  `;
}
