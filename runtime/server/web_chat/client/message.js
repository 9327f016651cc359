// One message and its answer, with what can be done about it.

import { html, useState } from "preact";
import { Attached } from "./files.js";
import { Face, Icon, Tap } from "./icons.js";
import { Shown } from "./shown.js";

const SHOWN = 1600; // ms that it says "copied"
const STATES = { queued: "state.queued", waiting: "state.waiting" };

export function Exchange(given) {
  const { message, about, client, say, offered } = given;
  const { input, files, state } = message;
  const isSilent = state === "silent" || state === "answered" && !message.reply && !message.stopped; // a human has them
  const said = offered.find(({ value }) => value === input)?.text ?? input;
  return html`
    ${!message.unasked && html`
      <div class="mine">
        <span class="sr">${say("you")}</span>
        ${files.map((file) =>
          html`<${Attached} key=${file.id} file=${file} say=${say} fetched=${() => client.file(file.id)} />`
        )}
        ${said && html`<div class="said">${said}</div>`}
        ${STATES[state] && html`<small class="state">${say(STATES[state])}</small>`}
      </div>
    `}
    ${!isSilent && state !== "queued" && html`
      <div class="theirs">
        <${Face} name=${about.name} size="small" />
        <div class="answer">
          <span class="sr">${about.name}</span>
          ${state === "failed" ? html`<${Failed} ...${given} />` : html`<${Answer} ...${given} />`}
        </div>
      </div>
    `}
  `;
}

function Answer(given) {
  const { message, client, say, isLast, send } = given;
  const { reply, choices, state, stopped } = message;
  const isOver = state === "answered";
  return html`
    ${reply
      ? html`
        <div class="bubble ${isOver ? "" : "growing"}">
          <${Shown} text=${reply} base=${client.base} />
        </div>
      `
      : !isOver && html`<div class="bubble dots" role="img" aria-label=${say("thinking")}><i></i><i></i><i></i></div>`}
    ${stopped && html`<small class="state">${say("stopped")}</small>`}
    ${isOver && isLast && choices.length > 0 && html`
      <div class="choices" role="group" aria-label=${say("choose")}>
        ${choices.map(({ text, value }, i) =>
          html`<button type="button" class="chip" key=${i} onClick=${() => send(value, [], text)}>${text}</button>`
        )}
      </div>
    `}
    ${isOver && reply && html`<${Actions} ...${given} />`}
  `;
}

function Failed({ message, client, say }) {
  return html`
    <div class="bubble failed" role="alert">
      <${Icon} name="warning" size=${18} />
      <p>${message.failure || say("failed")}</p>
    </div>
    <div class="actions">
      <button type="button" class="chip" onClick=${() => client.again(message)}>
        <${Icon} name="again" size=${16} />${say("again")}
      </button>
    </div>
  `;
}

function Actions({ message, about, client, say }) {
  const [copied, setCopied] = useState(false);
  const [asked, setAsked] = useState(false); // why it was bad
  const [thanked, setThanked] = useState(false);
  const { id, reply, verdict } = message;
  const copy = async () => {
    if (!await copyText(reply)) return;
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN);
  };
  const judge = (wanted, reason) => client.judge(id, wanted, reason).catch((problem) => client.tell(problem));
  const press = (wanted) => {
    judge(verdict === wanted ? "none" : wanted);
    setAsked(wanted === "bad" && verdict !== "bad");
    setThanked(false);
  };
  const given = (reason) => {
    setAsked(false);
    setThanked(true);
    if (reason) judge("bad", reason);
  };
  const thumb = (wanted) =>
    html`
      <${Tap} icon=${wanted} size=${16} kind=${verdict === wanted ? "on" : ""} label=${say(wanted)}
        aria-pressed=${verdict === wanted} onClick=${() => press(wanted)} />
    `;
  return html`
    <div class="actions">
      <${Tap} icon=${copied ? "check" : "copy"} size=${16} label=${say(copied ? "copied" : "copy")} onClick=${copy} />
      ${about.feedback && !message.unasked && html`${thumb("good")}${thumb("bad")}`}
      ${thanked && html`<small class="state" role="status">${say("thanks")}</small>`}
    </div>
    ${asked && html`<${Why} say=${say} given=${given} />`}
  `;
}

/** What was bad about it, in the visitor's words; may be left out. */
function Why({ say, given }) {
  const [reason, setReason] = useState("");
  const go = (event) => {
    event.preventDefault();
    given(reason.trim());
  };
  return html`
    <form class="why" onSubmit=${go}>
      <label><span>${say("why")}</span>
        <textarea rows="2" maxlength="500" value=${reason} onInput=${(event) => setReason(event.target.value)} />
      </label>
      <div><button type="submit" class="chip primary">${say("why.send")}</button>
        <button type="button" class="chip" onClick=${() => given("")}>${say("why.skip")}</button></div>
    </form>
  `;
}

/** Also on plain http, where the clipboard API is missing. Whether it went well. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { // the older way may be open all the same
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
