// Files for the next message: chosen, dropped on the chat, or pasted into the box.

import { html, useLayoutEffect, useRef, useState } from "preact";
import { Button, Icon } from "../common/elements.js";
import { show } from "../common/show.js";
import { say, t } from "../common/texts.js";
import { toast } from "../common/toast.js";
import { upload } from "../common/upload.js";

const MOST = 9; // files of one message
const LARGEST = 20_000_000; // bytes of one
const ICONS = { image: "image", voice: "play", file: "page" };

export function mount({ element, page, props, watch }) {
  show(html`<${Attach} page=${page} props=${props} watch=${watch} />`, element);
}

function Attach({ page, props, watch }) {
  const { files, coming, add, remove } = useFiles(page, props, watch);
  const input = useRef(null);
  useLayoutEffect(() => takeIn(add), []);
  const choose = () => input.current.click();
  const chosen = (event) => {
    add([...event.target.files]);
    event.target.value = ""; // the same file may be chosen again
  };
  return html`
    <div class="hy-attach">
      <${Button} icon="upload" look="quiet" label=${t("attach.add")} id="attach" title=${t("attach.hint")}
        onClick=${choose} />
      <input ref=${input} type="file" multiple hidden data-testid="attach-input" onChange=${chosen} />
      <ul class="hy-files" aria-live="polite">
          ${files.map((file, i) => html`<${Sent} key=${file.hash + i} file=${file} remove=${() => remove(i)} />`)}
          ${coming.map((name) => html`<li key=${name} class="soft">${t("attach.coming", { name })}</li>`)}
        </ul>
    </div>
  `;
}

function Sent({ file, remove }) {
  return html`<li data-testid="attached">
    <${Icon} name=${ICONS[file.kind] ?? "page"} size=${14} /><span>${file.name}</span>
    <${Button} icon="close" look="quiet icon" title=${t("attach.remove", { name: file.name })} onClick=${remove} />
  </li>`;
}

/** {files: those that are there, coming: names of those under way, add(files), remove(place)}. */
function useFiles(page, props, watch) {
  const [files, setFiles] = useState([]);
  const [coming, setComing] = useState([]);
  const now = useRef([]);
  const keep = (next) => {
    now.current = next;
    props.value = next;
    setFiles(next);
  };
  useLayoutEffect(() => void watch("value", () => keep(props.value ?? [])), []); // emptied when they are sent
  const one = async (file) => {
    const answer = await upload(page, "keep_file", file, { name: file.name.slice(0, 200) });
    setComing((before) => before.filter((name) => name !== file.name));
    if (!answer.ok) return toast(say(answer.text), { tone: "bad" });
    if (now.current.length < MOST) keep([...now.current, answer.value]);
  };
  const add = (given) => {
    const room = MOST - now.current.length;
    if (given.length > room) toast(t("attach.most", { n: MOST }), { tone: "bad" });
    for (const file of given.slice(0, room)) {
      if (file.size > LARGEST) {
        toast(t("attach.large", { name: file.name, mb: LARGEST / 1e6 }), { tone: "bad" });
      } else {
        setComing((before) => [...before, file.name]);
        void one(file);
      }
    }
  };
  return { files, coming, add, remove: (place) => keep(now.current.toSpliced(place, 1)) };
}

/** What is dropped on the chat or pasted into the box. Text is Gradio's, as ever. */
function takeIn(add) {
  const column = document.getElementById("chat-column");
  const brought = (event) => [...(event.dataTransfer ?? event.clipboardData)?.files ?? []];
  const has = (event) => [...event.dataTransfer?.types ?? []].includes("Files");
  const over = (event) => {
    if (!has(event)) return;
    event.preventDefault();
    column.classList.toggle("hy-over", event.type === "dragover");
  };
  const take = (event) => {
    column.classList.remove("hy-over");
    const files = brought(event);
    if (!files.length) return;
    event.preventDefault();
    event.stopPropagation();
    add(files);
  };
  column.addEventListener("dragover", over);
  column.addEventListener("dragleave", over);
  column.addEventListener("drop", take, true);
  column.addEventListener("paste", take, true);
}
