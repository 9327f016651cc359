// What was said, newest below; it stays there while more is written, unless somebody reads further up.

import { html, useEffect, useLayoutEffect, useRef, useState } from "preact";
import { Face, Icon } from "./icons.js";
import { Exchange } from "./message.js";
import { Shown } from "./shown.js";

const NEAR = 80; // pixels from the end at which it is followed
const APART = 600; // seconds after which the time is said again

export function Talk({ client, about, say, send }) {
  const { messages } = client;
  const box = useRef(null);
  const [away, setAway] = useState(false);
  const [fetching, setFetching] = useState(false);
  useEnd(box, client, away);
  const look = () => {
    const { scrollHeight, scrollTop, clientHeight } = box.current;
    setAway(scrollHeight - scrollTop - clientHeight > NEAR);
  };
  const earlier = async () => {
    setFetching(true);
    await client.history.earlier().catch((problem) => client.tell(problem));
    setFetching(false);
  };
  return html`
    <div class="talk" ref=${box} onScroll=${look} role="log" aria-live="off" aria-label=${say("talk")} tabindex="0">
      <div class="lines">
        ${client.history.more && html`
          <button type="button" class="chip earlier" disabled=${fetching} onClick=${earlier}>${say("earlier")}</button>
        `}
        ${!client.history.more && html`<${Opening} about=${about} client=${client} say=${say} />`}
        ${messages.map((message, i) => [
          isLater(messages[i - 1], message) &&
          html`<time class="when" key="t${message.id}">${when(message.at, say)}</time>`,
          html`
            <${Exchange} key=${message.id} ...${{
              message,
              about,
              client,
              say,
              send,
            }} isLast=${i === messages.length - 1}
              offered=${messages[i - 1]?.choices ?? []} />
          `,
        ])}
        ${!messages.length && html`<${Suggestions} about=${about} say=${say} send=${send} />`}
      </div>
    </div>
    ${away && html`
      <button type="button" class="to-end" aria-label=${say("to_end")} onClick=${() => toEnd(box.current)}>
        <${Icon} name="down" />
      </button>
    `}
  `;
}

function Suggestions({ about, say, send }) {
  if (!about.suggestions?.length) return null;
  return html`
    <div class="suggestions" role="group" aria-label=${say("suggestions")}>
      ${about.suggestions.map((one) =>
        html`<button type="button" class="chip" key=${one} onClick=${() => send(one)}>${one}</button>`
      )}
    </div>
  `;
}

const Opening = ({ about, client, say }) =>
  html`
    <div class="opening">
      <${Face} name=${about.name} size="large" />
      <h2>${about.name}</h2>
      ${about.about && html`<p class="soft">${about.about}</p>`}
    </div>
    ${about.opening && html`
      <div class="theirs">
        <${Face} name=${about.name} size="small" />
        <div class="answer"><span class="sr">${say("opening")}</span>
          <div class="bubble"><${Shown} text=${about.opening} base=${client.base} /></div></div>
      </div>
    `}
  `;

/** Follows the end; what is put above leaves what is read in its place. */
function useEnd(box, client, away) {
  const before = useRef({ first: null, height: 0 });
  const first = client.messages[0]?.id;
  useLayoutEffect(() => {
    const { scrollHeight } = box.current;
    const grown = scrollHeight - before.current.height;
    if (before.current.first && before.current.first !== first && away) box.current.scrollTop += grown;
    else if (!away) box.current.scrollTop = scrollHeight;
    before.current = { first, height: scrollHeight };
  });
  const mine = client.messages[client.messages.length - 1];
  useEffect(() => {
    if (mine?.state === "queued" || mine?.state === "sent") toEnd(box.current);
  }, [mine?.id]);
  useEffect(() => { // the keyboard of a phone takes its room
    const sized = new ResizeObserver(() => !away && toEnd(box.current));
    sized.observe(box.current);
    return () => sized.disconnect();
  }, [away]);
}

function toEnd(box) {
  box.scrollTop = box.scrollHeight;
}

const isLater = (before, { at }) => !before || at - before.at > APART;

function when(at, { locale }) {
  const day = new Date(at * 1000);
  const isToday = day.toDateString() === new Date().toDateString();
  /** @type {Intl.DateTimeFormatOptions} */
  const shown = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return day.toLocaleString(locale, isToday ? shown : { month: "short", day: "numeric", ...shown });
}
