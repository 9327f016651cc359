// Starting points: cards in groups by the job, with a search over all of them. In the gallery, and in the dialog for a new agent.

import { html, useEffect, useState } from "preact";
import { open } from "../common/dialog.js";
import { Button, Icon, initial } from "../common/elements.js";
import { Input } from "../common/field.js";
import { matching } from "../common/menu.js";
import { lang, pairOf, say, t } from "../common/texts.js";
import { Glimpse, TalkDialog } from "./talk.js";

const BLANK = () => ({ id: "", name: pairOf("new.blank.title"), description: pairOf("new.blank.hint") });

/** `groups`: [{title, starters}]; `start(starter)`, with an id of "" for a blank one. */
export function Starters({ call, groups, start }) {
  const [word, setWord] = useState("");
  const talks = useTalks(call);
  const card = (one) =>
    html`<${StarterCard} key=${one.id} starter=${one} talk=${talks[one.id]} start=${() => start(one)} />`;
  const blank = { title: null, starters: [BLANK()] };
  const found = [blank, ...groups].map(({ title, starters }) => ({ title, starters: fitting(starters, word) }))
    .filter(({ starters }) => starters.length);
  return html`<div class="hy-stack">
    <${Input} id="starter-search" kind="search" value=${word} onChange=${setWord} placeholder=${t("new.search")}
      aria-label=${t("new.search")} />
    ${
    found.map(({ title, starters }) =>
      html`
        <section key=${title ? say(title) : ""} class="hy-stack tight" aria-label=${say(title ?? BLANK().name)}>
          ${title && html`<h3>${say(title)}</h3>`}
          <div class="hy-starters">${starters.map(card)}</div>
        </section>
      `
    )
  }
    <p class="soft" role="status">${found.length ? "" : t("new.none", { word })}</p>
  </div>`;
}

/** Those whose words, in the reader's language, hold the search word. */
const fitting = (starters, word) =>
  matching(
    starters.map((starter) => ({ starter, title: say(starter.name), hint: hintOf(starter) })),
    word,
  ).map(({ starter }) => starter);

const hintOf = ({ id, description, suits, needs }) =>
  [id, say(description), suits && say(suits), needs && say(needs)].join(" ");

/** Their conversations, by id; without an answer the cards stand without pictures. */
function useTalks(call) {
  const [talks, setTalks] = useState({});
  useEffect(() => void call("talks", { lang }, { quiet: true }).then(({ value }) => setTalks(value ?? {})), []);
  return talks;
}

function StarterCard({ starter, talk, start }) {
  const { id, name, description, suits, needs } = starter;
  const look = async () => (await open(TalkDialog, { starter, talk })) && start();
  const more = [suits, needs].map((one) => one && say(one)).filter(Boolean);
  return html`
    <div class="hy-starter-card">
      <button type="button" class="hy-starter" data-testid="starter-${id || "blank"}" onClick=${start}>
        ${talk && html`<${Glimpse} talk=${talk} />`}
        <span class="hy-starter-icon">${id ? initial(say(name)) : html`<${Icon} name="plus" size=${18} />`}</span>
        <span><b>${say(name)}</b><span class="soft">${say(description)}</span>${more.map((one) =>
          html`<small class="faint">${one}</small>`
        )}</span>
      </button>
      ${talk && html`
        <${Button} icon="chat" look="quiet icon" title=${t("starter.look", { name: say(name) })} id="look-${id}"
          onClick=${() => void look()} />
      `}
    </div>
  `;
}
