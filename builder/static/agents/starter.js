// Starting points: cards in groups by the job, with a search over all of them. In the gallery, and in the dialog for a new agent.

import { html, useState } from "preact";
import { Icon, initial } from "../common/elements.js";
import { Input } from "../common/field.js";
import { matching } from "../common/menu.js";
import { pairOf, say, t } from "../common/texts.js";

const BLANK = () => ({ id: "", name: pairOf("new.blank.title"), description: pairOf("new.blank.hint") });

/** `groups`: [{title, starters}]; `start(starter)`, with an id of "" for a blank one. */
export function Starters({ groups, start }) {
  const [word, setWord] = useState("");
  const card = (one) => html`<${StarterCard} key=${one.id} starter=${one} onClick=${() => start(one)} />`;
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

const hintOf = ({ id, description, suits }) => [id, say(description), suits && say(suits)].join(" ");

function StarterCard({ starter, onClick }) {
  const { id, name, description, suits } = starter;
  return html`
    <button type="button" class="hy-starter" data-testid="starter-${id || "blank"}" onClick=${onClick}>
      <span class="hy-starter-icon">${id ? initial(say(name)) : html`<${Icon} name="plus" size=${18} />`}</span>
      <span><b>${say(name)}</b><span class="soft">${say(description)}</span>${suits &&
        html`<small class="faint">${say(suits)}</small>`}</span>
    </button>
  `;
}
