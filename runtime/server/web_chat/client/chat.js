// The conversation as a visitor sees it, on a page of its own and within another site alike.

import { html, useEffect, useRef, useState } from "preact";
import { Composer, useFiles } from "./composer.js";
import { Face, Icon, Tap } from "./icons.js";
import { Privacy } from "./sheet.js";
import { Talk } from "./talk.js";

const TOLD = 400; // characters of an answer that are read out

/** `close`: null where it is the whole page. */
export function Chat({ client, say, close, branding = true }) {
  const [begun, setBegun] = useState("");
  const [open, setOpen] = useState(false); // what is collected
  useChanges(client);
  useEffect(() => {
    client.begin().then(() => setBegun("yes"), (problem) => setBegun(problem.message || say("gone")));
    return () => client.rest();
  }, [client]);
  const { about } = client;
  if (!about) {
    return html`<${Waiting} wrong=${begun} say=${say} client=${client} setBegun=${setBegun} close=${close} />`;
  }
  const send = (text, files, choice) => client.send(text, files, choice);
  return html`
    <${Whole} ...${{ client, about, say, close, send, branding }} privacy=${() => setOpen(true)} />
    ${open && html`<${Privacy} ...${{ client, about, say, send }} close=${() => setOpen(false)} />`}
  `;
}

function Whole({ client, about, say, close, send, branding, privacy }) {
  const { held, setHeld, grab } = useFiles({ client, about, say });
  const [over, setOver] = useState(false); // a file is held over it
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    if (Object.values(about.takes).some(Boolean)) grab([...event.dataTransfer.files]);
  };
  const drag = (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  };
  return html`
    <div class="whole ${over ? "over" : ""}" onDragOver=${drag} onDragLeave=${() => setOver(false)} onDrop=${drop}>
      <${Head} ...${{ client, about, say, close, privacy }} />
      <${Trouble} client=${client} say=${say} />
      <${Talk} ...${{ client, about, say, send }} />
      <${Composer} ...${{ client, about, say, send, grab, held, setHeld }} />
      <div class="foot">
        ${about.label && html`<span>${about.label}</span>`}
        ${branding && html`<span>${say("made_with")}</span>`}
      </div>
      <${ReadOut} client=${client} say=${say} />
    </div>
  `;
}

const Head = ({ client, about, say, close, privacy }) =>
  html`
    <div class="head">
      <${Face} name=${about.name} />
      <div class="names"><h1>${about.name}</h1>
        <small>${say(client.trouble ? "connecting" : "here")}</small></div>
      <${Tap} icon="shield" label=${say("privacy")} onClick=${privacy} />
      ${close && html`<${Tap} icon="close" label=${say("close")} onClick=${close} />`}
    </div>
  `;

function Trouble({ client, say }) {
  const { trouble } = client;
  if (!trouble) return null;
  return html`<div class="trouble" role="status"><${Icon} name="warning" size=${16} />
    <span>${trouble.message || say("offline")}</span></div>`;
}

function Waiting({ wrong, say, client, setBegun, close }) {
  const again = () => {
    setBegun("");
    client.rest();
    client.begin().then(() => setBegun("yes"), (problem) => setBegun(problem.message || say("gone")));
  };
  return html`
    <div class="whole">
      <div class="head"><span class="names"></span>
      ${close && html`<${Tap} icon="close" label=${say("close")} onClick=${close} />`}</div>
      <div class="talk waiting">${wrong
        ? html`<p role="alert">${wrong}</p><button type="button" class="chip" onClick=${again}>${say("again")}</button>`
        : html`<p class="dots" role="img" aria-label=${say("loading")}><i></i><i></i><i></i></p>`}</div>
    </div>
  `;
}

/** Says to who listens that an answer is there, once and whole: not each piece of it. */
function ReadOut({ client, say }) {
  const last = client.messages[client.messages.length - 1];
  const seen = useRef(last?.state === "answered" ? last.id : "");
  const [told, setTold] = useState("");
  useEffect(() => {
    if (!last || last.id === seen.current) return;
    if (last.state === "sent") setTold(say("thinking"));
    if (last.state === "answered") {
      seen.current = last.id;
      setTold(`${client.about.name}: ${last.reply.slice(0, TOLD)}`);
    }
  }, [last?.id, last?.state]);
  return html`<div class="sr" role="status" aria-live="polite">${told}</div>`;
}

/** Drawn anew with what changed, once a frame at most. */
function useChanges(client) {
  const [, setTurn] = useState(0);
  useEffect(() => {
    let asked = 0;
    const stop = client.watch(() =>
      asked ||= requestAnimationFrame(() => {
        asked = 0;
        setTurn((turn) => turn + 1);
      })
    );
    return () => {
      stop();
      cancelAnimationFrame(asked);
    };
  }, [client]);
}
