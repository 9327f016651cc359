// Publish an agent: choose where, connect, watch it come alive.

import { html, useEffect, useRef, useState } from "preact";
import { show } from "../common/show.js";
import { Button, Callout, Card, Head, Link, More, Pill } from "../common/elements.js";
import { followed, useLoad } from "../common/load.js";
import { PickAgent } from "../common/pick_agent.js";
import { Powers } from "../common/powers.js";
import { agentId, caller, href, told } from "../common/server.js";
import { lang, say, t } from "../common/texts.js";
import { ApiCard } from "./api.js";
import { ChannelCard } from "./channel.js";
import { of } from "./named.js";
import { asked, channelOf, shows } from "./opened.js";
import { Places, Tile } from "./places.js";
import { OnServer } from "./server.js";
import { Phone } from "../play/phone.js";

const isForPrograms = ({ audience, people }) => audience === "programs" && !people;
const NEW = "new"; // another account is to be connected

export function mount({ element, page }) {
  const call = caller(page);
  const agent = agentId();
  show(
    agent ? html`<${Publish} call=${call} agent=${agent} />` : html`<${PickAgent} call=${call} page="publish" />`,
    element,
  );
}

function Publish({ call, agent }) {
  const more = html`<${Link} label=${t("nav.agents")} href="./" />`;
  const { value: seen, instead, again } = useLoad(call, "overview", { agent }, { more });
  const [at, setAt] = useState(asked); // a channel, and of several publications on it which one, or NEW
  const tiles = useRef(null);
  useEffect(() => seen && (at.channel || at.publication) && showBelow(tiles.current), [at.channel, Boolean(seen)]);
  if (instead) return instead;
  const channel = channelOf(seen, at);
  const { name } = channel;
  const there = (place) => seen.publications.filter((one) => one.channel === place);
  const mine = there(name);
  const live = at.publication === NEW ? undefined : mine.find(({ id }) => id === at.publication) || mine[0];
  const go = (place) => (setAt(place), shows(place));
  const choose = (place) => go({ channel: place, publication: "" });
  const turn = (publication) => go({ channel: name, publication });
  const context = { call: followed(call, again), agent, seen, channel, publication: live, again };
  const tile = (one) =>
    html`
      <${Tile} key=${one.name} channel=${one} choose=${choose}
        standing=${html`<${Published} all=${there(one.name)} />`} chosen=${one.name === name} />
    `;
  const own = new Set(seen.publications.length ? [name, ...seen.publications.map((one) => one.channel)] : []);
  return html`<div class="hy-page">
    <${Head} title=${t("publish.title", { name: seen.agent.name })} hint=${t("publish.subtitle")} />
    ${!call.may("go_live", agent) && html`<${Callout} title=${t("publish.looks_only")} />`}
    <${Warnings} seen=${seen} live=${live} channel=${channel} />
    <${Places} channels=${seen.channels} own=${own} tile=${tile} tiles=${tiles} />
    ${
    seen.may.length > 0 && html`
      <${Card} title=${t("may.title")} data-testid="may">
        <${Powers} may=${seen.may} allowed=${seen.may.filter((one) => one.allowed).map(({ power }) => power)} />
        </${Card}>
    `
  }
    ${!live && html`<${Profile} key=${name} call=${call} agent=${seen.agent} channel=${channel} />`}
    ${
    !isForPrograms(channel) && mine.length > 0 &&
    html`
      <${Accounts} channel=${channel} mine=${mine} live=${live} turn=${turn} adds=${call.may("go_live", agent)} />
    `
  }
    <${isForPrograms(channel) ? ApiCard : ChannelCard} key="${name} ${live?.id}" ...${context} />
    ${call.may("on_server") && html`<${OnServer} call=${call} publicUrl=${seen.public_url} />`}
  </div>`;
}

/** On a phone what is chosen stands far below the tiles. */
function showBelow(tiles) {
  const next = tiles.nextElementSibling;
  if (next.getBoundingClientRect().top > innerHeight * 0.8) next.scrollIntoView();
}

function Warnings({ seen, live, channel }) {
  const { unmet } = live ?? channel;
  return [
    seen.draft && html`
      <${Callout} key="draft" tone="warn" title=${t("publish.draft.title")} detail=${t("publish.draft.hint")}>
        <${Link} label=${t("nav.build")} href=${href("build")} />
        </${Callout}>
    `,
    !seen.tests.well && html`
      <${Callout} key="tests" tone=${seen.tests.gate === "block" ? "bad" : "warn"} title=${say(seen.tests.says)}
        detail=${t(`tests.gate.${seen.tests.gate}.hint`)}>
        <${Link} label=${t("publish.to_tests")} href=${href("tests")} id="to-tests" />
        </${Callout}>
    `,
    seen.dead.map(({ id, text }) =>
      html`<${Callout} key=${id} tone="bad" title=${t("publish.dead", { id })} detail=${say(text)} />`
    ),
    live?.caution &&
    html`<${Callout} key="caution" tone="warn" title=${say(live.caution.title)} detail=${say(live.caution.hint)} />`,
    unmet.length > 0 && html`
      <${Callout} key="unmet" tone="warn" title=${t("publish.unmet", { channel: say(channel.title) })}
        detail=${unmet.map((one) => html`<span class="hy-point">${say(one)}</span>`)}>
        <${Link} label=${t("nav.build")} href=${href("build")} />
        </${Callout}>
    `,
  ];
}

/** Before anything is entered: for whom it is, what it takes, what it costs, what may go wrong, how it looks. */
function Profile({ call, agent, channel: { name, title, profile, people, words } }) {
  const row = ([name, text]) =>
    html`
      <div key=${name}>
        <dt>${t(`profile.${name}`)}</dt>
        <dd>${say(text)}</dd>
      </div>
    `;
  return html`
    <${Card} title=${say(title)} data-testid="profile">
      <dl class="hy-profile">${Object.entries(profile).map(row)}</dl>
      ${people && html`<${Looks} call=${call} name=${agent.name} channel=${name} platform=${say(words.platform)} />`}
      </${Card}>
  `;
}

/** An answer as that surface shows it: asked for when somebody wants to see it. */
function Looks({ call, name, channel, platform }) {
  const [seen, setSeen] = useState(null);
  const look = async ({ target }) => {
    if (target.open && !seen) setSeen(told(await call("sample", { channel, lang })));
  };
  return html`
    <${More} title=${t("publish.looks")} data-testid="looks" onToggle=${look}>
      ${seen && html`<${Phone} name=${name} exchanges=${[seen]} names=${{ platform }} />`}
      </${More}>
  `;
}

function Published({ all }) {
  if (all.length < 2) return all.map((one) => html`<${State} publication=${one} />`);
  const tone = all.every((one) => one.reached) ? "ok" : "warn";
  return html`<${Pill} tone=${tone}>${t("state.accounts", { n: all.length })}</${Pill}>`;
}

/** "Live" is what answers: not before the platform verified the address. */
function State({ publication: { version, reached, paused, called, state } }) {
  if (paused) return html`<${Pill} tone="warn">${t("pause.paused")}</${Pill}>`;
  return reached
    ? html`<${Pill} tone="ok">${t("state.live", { version })}</${Pill}>`
    : html`<${Pill} tone="warn">${
      t(`state.${state.scan ? "scan" : called ? "awaited" : "linking"}`, { version })
    }</${Pill}>`;
}

/** The accounts on which the agent answers, one of them shown below, and a way to another one. */
function Accounts({ channel, mine, live, turn, adds }) {
  const one = (publication) => {
    const name = publication.account || publication.id;
    return html`
      <button key=${publication.id} type="button" class="hy-btn" aria-pressed=${String(publication === live)}
        data-testid="account-${name}" onClick=${() => turn(publication.id)}>
            <span>${name}</span><${State} publication=${publication} />
          </button>
    `;
  };
  const another = html`
    <${Button} label=${of(channel, "publish.another")} icon="plus" look="quiet" id="another-account"
      onClick=${() => turn(NEW)} />
  `;
  return html`<div class="hy-row" role="group" aria-label=${t("publish.accounts")}>
    ${mine.length > 1 && mine.map(one)}
    ${live ? adds && another : html`<${Button} label=${t("common.cancel")} onClick=${() => turn("")} />`}
  </div>`;
}
