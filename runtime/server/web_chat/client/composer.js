// Where a visitor writes: words, files by button, paste and drop, and their voice.

import { html, useEffect, useLayoutEffect, useRef, useState } from "preact";
import { accepted, Drawn, room, size, takesFiles } from "./files.js";
import { Icon, Tap } from "./icons.js";
import { canRecord, record } from "./recording.js";

const LONGEST = 20_000; // characters of a message
const MOST = 9; // files of a message
const TALLEST = 160; // pixels

export function Composer({ client, about, say, send, grab, held, setHeld }) {
  const [text, setText] = useState("");
  const field = useRef(null);
  const { running } = client;
  const waits = held.some((one) => !one.id && !one.wrong);
  const files = held.filter((one) => one.id);
  const isEmpty = !text.trim() && !files.length;
  useGrowing(field, text);
  const go = () => {
    if (isEmpty || waits) return;
    send(text.trim(), files);
    setText("");
    setHeld([]);
    field.current.focus();
  };
  const key = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    go();
  };
  const paste = (event) => {
    if (!event.clipboardData.files.length || !takesFiles(about.takes)) return;
    event.preventDefault();
    grab([...event.clipboardData.files]);
  };
  return html`
    <div class="composer">
      <${Held} held=${held} setHeld=${setHeld} say=${say} />
      <div class="row">
        ${takesFiles(about.takes) &&
          html`<${Picker} about=${about} say=${say} grab=${grab} full=${held.length >= MOST} />`}
        <textarea class="field" ref=${field} rows="1" maxlength=${LONGEST} value=${text} aria-label=${say("write")}
          placeholder=${say("write")} enterkeyhint="send" onKeyDown=${key} onPaste=${paste}
          onInput=${(event) => setText(event.target.value)} />
        ${isEmpty && !running && about.takes.voice && canRecord() &&
          html`<${Voice} say=${say} client=${client} send=${send} />`}
        ${running && isEmpty
          ? html`
            <${Tap} icon="stop" kind="go" label=${say("stop")} disabled=${running.stopping}
              onClick=${() => client.stop(running.id)} />
          `
          : html`<${Tap} icon="send" kind="go" label=${say("send")} disabled=${isEmpty || waits} onClick=${go} />`}
      </div>
    </div>
  `;
}

function Picker({ about, say, grab, full }) {
  const picker = useRef(null);
  const picked = () => {
    grab([...picker.current.files]);
    picker.current.value = "";
  };
  return html`
    <input type="file" ref=${picker} hidden multiple accept=${accepted(about.takes)} onChange=${picked}
      aria-label=${say("attach")} />
    <${Tap} icon="clip" label=${say("attach")} disabled=${full} onClick=${() => picker.current.click()} />
  `;
}

function useGrowing(field, text) {
  useLayoutEffect(() => {
    const { style } = field.current;
    style.height = "auto";
    style.height = `${Math.min(TALLEST, field.current.scrollHeight)}px`;
  }, [text]);
}

/** What goes with the message, on its way up or there. */
function Held({ held, setHeld, say }) {
  if (!held.length) return null;
  return html`
    <ul class="held" aria-label=${say("files")}>
      ${held.map((one) =>
        html`
          <li key=${one.key} class=${one.wrong ? "wrong" : one.id ? "" : "busy"}>
            ${one.kind === "image" && !one.wrong
              ? html`<${Drawn} file=${{ id: one.key, name: one.name }} fetched=${() => Promise.resolve(one.blob)} />`
              : html`<${Icon} name=${one.wrong ? "warning" : "file"} />`}
            <span><b>${one.name}</b><small role=${one.wrong ? "alert" : null}>${one.wrong ||
              size(one.blob.size)}</small></span>
            <${Tap} icon="close" size=${14} label=${say("file.remove", { name: one.name })}
              onClick=${() => setHeld((now) => now.filter(({ key }) => key !== one.key))} />
          </li>
        `
      )}
    </ul>
  `;
}

/** Files go up as soon as they are there. The function that takes them. */
export function useFiles({ client, about, say }) {
  const [held, setHeld] = useState([]);
  const grab = (blobs) => {
    for (const blob of blobs.slice(0, MOST - held.length)) {
      const key = client.world.name();
      const name = blob.name || say("file");
      const most = room(about.takes, blob);
      const kind = blob.type.startsWith("image/") ? "image" : "file";
      const known = (more) => setHeld((now) => now.map((one) => (one.key === key ? { ...one, ...more } : one)));
      setHeld((now) => [...now, { key, name, blob, kind }]);
      if (!most) known({ wrong: say("file.kind") });
      else if (blob.size > most) known({ wrong: say("file.large", { most: size(most) }) });
      else client.upload(blob, name).then(known, (problem) => known({ wrong: problem.message || say("offline") }));
    }
  };
  return { held, setHeld, grab };
}

/** A tap begins, the next one sends. */
function Voice({ say, client, send }) {
  const [recording, setRecording] = useState(null);
  const live = useRef(null);
  useEffect(() => () => void live.current?.cancel(), []);
  const finish = async () => {
    const blob = await live.current?.stop();
    live.current = null;
    setRecording(null);
    if (!blob) return;
    const named = `voice.${blob.type.split("/")[1] || "webm"}`;
    await client.upload(blob, named).then((file) => send("", [file])).catch((problem) => client.tell(problem));
  };
  const begin = async () => {
    try {
      live.current = await record(finish);
      setRecording(live.current);
    } catch {
      client.tell({ message: say("voice.refused") });
    }
  };
  return html`
    <${Tap} icon=${recording ? "check" : "voice"} kind=${recording
      ? "recording"
      : ""} aria-pressed=${recording !== null}
      label=${say(recording ? "voice.send" : "voice")} onClick=${recording ? finish : begin} />
  `;
}
