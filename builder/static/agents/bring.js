// Bring an agent in: of ours at once; of another product its report first, with a stub for what cannot come.

import { html, useEffect, useRef, useState } from "preact";
import { Dialog } from "../common/dialog.js";
import { Button, Callout, Loading } from "../common/elements.js";
import { Field, Input } from "../common/field.js";
import { Report } from "../common/report.js";
import { told } from "../common/server.js";
import { lang, say, t } from "../common/texts.js";
import { upload } from "../common/upload.js";

const MOST = 300; // files of a folder
const LARGEST = 18 << 20; // bytes of all of them
const ENDINGS = ".json,.yml,.yaml,.zip,.png,.md,.txt";

/** Closes with what was made: {id, secrets, may, product}. `given`: files that were dropped on the page. */
export function BringDialog({ page, given = [], close }) {
  const [text, setText] = useState("");
  const { report, stubs, trouble, busy, look, take, make, back } = useBringing(page, given, close);
  const paste = () => look({ blob: new Blob([text]), name: "" });
  const footer = report
    ? [
      html`<${Button} label=${t("common.back")} onClick=${back} />`,
      html`<${Button} label=${t("import.make")} look="primary" id="import-make" onClick=${make} />`,
    ]
    : [
      html`<${Button} label=${t("common.cancel")} onClick=${() => close()} />`,
      html`<${Button} label=${t("import.do")} look="primary" id="import-do" onClick=${paste} />`,
    ];
  return html`
    <${Dialog} title=${t("agents.import")} close=${close} footer=${footer} size=${report ? "widest" : "wide"}
      id="import-dialog">
      <div class="hy-stack" aria-busy=${busy}>
        <div aria-live="polite">
          ${trouble && html`<${Callout} tone="bad" title=${t("import.failed")} detail=${trouble} />`}
        </div>
        ${busy && html`<${Loading} />`}
        ${report && html`<${Report} report=${report} stubs=${stubs} change=${(next) => void look(null, next)} />`}
        ${!report && html`<${Choose} take=${take} text=${text} setText=${setText} />`}
      </div>
      </${Dialog}>
  `;
}

/** What is being brought in: looked at first, ours made at once. `look(null, stubs)`: the same file once more. */
function useBringing(page, given, close) {
  const [found, setFound] = useState({ source: null, report: null, stubs: [] });
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const args = ({ blob: _, ...about }, stubs) => ({ ...about, lang: lang === "zh" ? "zh" : "en", stubs });
  const ask = async (asked) => {
    setBusy(true);
    setTrouble("");
    const answer = await asked();
    setBusy(false);
    if (!answer.ok) setTrouble(say(answer.text));
    return answer.ok ? answer : null;
  };
  const bring = async (source, stubs) => {
    const answer = await ask(() => upload(page, "bring", source.blob, args(source, stubs)));
    if (answer) told(answer), close(answer.value);
  };
  const look = async (from, stubs = []) => {
    const source = from ?? found.source;
    const answer = await ask(() => upload(page, "look_at", source.blob, args(source, stubs)));
    if (answer?.value.ours) await bring(source, []);
    else if (answer) setFound({ source, report: answer.value, stubs });
  };
  const take = async (files) => files.length && look(await sourceOf([...files]));
  useEffect(() => void take(given), []);
  const back = () => setFound({ source: null, report: null, stubs: [] });
  return { ...found, trouble, busy, look, take, back, make: () => bring(found.source, found.stubs) };
}

function Choose({ take, text, setText }) {
  const file = useRef(null);
  const folder = useRef(null);
  const chosen = async ({ target }) => {
    const files = [...target.files];
    target.value = "";
    await take(files);
  };
  return [
    html`
      <${Drop} key="drop" take=${take}>
        <p><b class="hy-by-mouse">${t("import.drop")}</b><span class="soft">${t("import.kinds")}</span></p>
        <div class="hy-row center">
          <${Button} label=${t("import.choose")} icon="upload" onClick=${() => file.current.click()} />
          <${Button} label=${t("import.folder")} look="quiet" onClick=${() => folder.current.click()} />
        </div>
        <input ref=${file} type="file" accept=${ENDINGS} class="hy-offscreen" data-testid="import-file" tabindex="-1"
          aria-label=${t("import.choose")} onChange=${chosen} />
        <input ref=${folder} type="file" webkitdirectory class="hy-offscreen" data-testid="import-folder" tabindex="-1"
          aria-label=${t("import.folder")} onChange=${chosen} />
        </${Drop}>
    `,
    html`
      <${Field} key="text" id="import-text" label=${t("import.text")}>
        <${Input} id="import-text" rows=${8} code value=${text} onChange=${setText} spellcheck=${false}
          placeholder=${t("import.placeholder")} />
        </${Field}>
    `,
  ];
}

/** A place that files can be dropped on. */
export function Drop({ take, children }) {
  const [over, setOver] = useState(false);
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files);
  };
  return html`
    <div class="hy-drop ${over ? "over" : ""}" data-testid="import-drop" onDrop=${drop}
      onDragOver=${(event) => (event.preventDefault(), setOver(true))} onDragLeave=${() => setOver(false)}>
        ${children}
      </div>
  `;
}

/** What is sent of them: one file as it is, several as a folder. */
async function sourceOf(files) {
  if (files.length === 1 && !files[0].webkitRelativePath) return { blob: files[0], name: files[0].name };
  const found = {};
  let left = LARGEST;
  for (const one of files.slice(0, MOST)) {
    left -= one.size;
    if (left < 0) break;
    found[one.webkitRelativePath || one.name] = base64(new Uint8Array(await one.arrayBuffer()));
  }
  const name = (files[0].webkitRelativePath || files[0].name).split("/")[0];
  return { blob: new Blob([JSON.stringify(found)]), name, folder: true };
}

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
