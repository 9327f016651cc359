// Security: what stands open, why that matters, and the one thing that closes it; below it how the program is otherwise.

import { html } from "preact";
import { Button, Callout, Card, Head, Link, More, Pill } from "../common/elements.js";
import { useLoad } from "../common/load.js";
import { at } from "../common/root.js";
import { caller } from "../common/server.js";
import { show } from "../common/show.js";
import { Line, Table } from "../common/table.js";
import { say, t } from "../common/texts.js";
import { toneOf, verdict } from "./verdict.js";

export const mount = ({ element, page }) => show(html`<${Security} call=${caller(page)} />`, element);

function Security({ call }) {
  const { value, instead } = useLoad(call, "overview");
  if (instead) return instead;
  const looks = call.may("condition");
  return html`<${looks ? Both : Open} call=${call} points=${value.points} />`;
}

/** What `python app.py doctor` finds takes seconds: it comes after the rest, and so does the verdict on both. */
function Both({ call, points }) {
  const condition = useLoad(call, "condition", {}, { part: true });
  return html`<${Open} points=${points} condition=${condition} />`;
}

function Open({ points, condition = null }) {
  const of = (state) => points.filter((one) => one.state === state);
  const [bad, warn, ok] = [of("bad"), of("warn"), of("ok")];
  return html`
    <div class="hy-page" data-testid="security-page">
      <${Head} title=${t("security.title")} hint=${t("security.subtitle")} />
      <${Verdict} ...${verdict(points, condition)} />
      ${bad.length > 0 && html`<${Points} title=${t("security.to_mend")} points=${bad} />`}
      ${warn.length > 0 && html`<${Points} title=${t("security.to_decide")} points=${warn} />`}
      <${Card}><${More} title=${t("security.ok", { n: ok.length })} open=${!bad.length && !warn.length}>
        <${List} points=${ok} />
      </${More}></${Card}>
      ${condition && html`<${Condition} ...${condition} />`}
    </div>
  `;
}

function Verdict({ tone, bad, warn, isOpen, failed }) {
  const well = failed ? "security.unknown" : isOpen ? "security.looking" : "security.none_bad";
  return html`
    <${Callout} tone=${tone} title=${bad ? t("security.bad", { n: bad }) : t(well)}
      detail=${warn ? t("security.warn", { n: warn }) : isOpen ? "" : t("security.none_warn")} />
  `;
}

function Condition({ value, instead, again }) {
  const told = (value ?? []).filter((one) => say(one.do));
  const rest = (value ?? []).filter((one) => !say(one.do));
  const look = html`<${Button} label=${t("condition.again")} icon="refresh" id="look-again" onClick=${again} />`;
  return html`
    <${Card} title=${t("condition.title")} hint=${t("condition.hint")} aside=${look} data-testid="condition">
      ${instead ?? html`
        <div class="hy-stack">
          ${told.length > 0 && html`<${Found} found=${told} />`}
          <${More} title=${t("condition.rest", { n: rest.length })} open=${!told.length} data-testid="condition-rest">
            <${Found} found=${rest} />
            </${More}>
        </div>
      `}
      </${Card}>
  `;
}

const Found = ({ found }) =>
  html`<${Table}>${
    found.map((one) =>
      html`
        <${Line} key=${one.check} id="condition-${one.check}">
          <div class="hy-row"><b>${say(one.title)}</b>
            <${Pill} tone=${toneOf(one)}>${t(`condition.state.${toneOf(one) || "unknown"}`)}</${Pill}></div>
          <p>${say(one.says)}</p>
          ${say(one.do) && html`<p>${say(one.do)}</p>`}
          </${Line}>
      `
    )
  }</${Table}>`;

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
