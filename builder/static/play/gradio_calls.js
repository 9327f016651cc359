// The chat is Gradio's and calls the server itself. What goes wrong with its calls is told in our words, like any other.

import { lost, signedOut } from "../common/connection.js";
import { say, t } from "../common/texts.js";
import { toast } from "../common/toast.js";
import { signIn } from "../common/sign_in.js";
import { upload } from "../common/upload.js";
import { change, placed, shared, there } from "./chat_state.js";
import { pathOf } from "./known_files.js";
import { arrived, isLine, notSent } from "./sending.js";

const WATCHED = /\/gradio_api\/queue\/(join|data)/;
const JOIN = /\/gradio_api\/queue\/join/;
const UPLOAD = /\/gradio_api\/upload(\?|$)/;
const FILE = "gradio.FileData";
const MOST = 9; // files of one message
const LARGEST = 20_000_000; // bytes of one
/** @type {Promise<any>} */
let before = Promise.resolve();
/** @type {Promise<void>} */
let waiting = Promise.resolve(); // for the chat that lines are said in

/** `box`: by which this browser keeps what stands in the box. */
export function watchGradio(box) {
  const plain = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    if (UPLOAD.test(String(input))) return await kept(/** @type {FormData} */ (init.body).getAll("files"));
    if (typeof init?.body === "string" && init.body.includes(FILE)) init = { ...init, body: plainly(init.body) };
    const address = input instanceof Request ? input.url : String(input);
    if (!WATCHED.test(address)) return plain(input, init);
    const joins = JOIN.test(address);
    if (isLine(init?.body)) {
      await (waiting = waiting.then(there));
      init = { ...init, body: whereItStands(init.body) };
    }
    const ask = () => plain(input, init);
    try {
      const response = await (joins ? inTurn(ask) : ask());
      told(!response.ok);
      if (response.ok) arrived(init?.body, box);
      else {
        tell(response.clone());
        gaveUp(init?.body, joins);
      }
      return response;
    } catch (error) {
      gaveUp(init?.body, joins);
      if (error.name !== "AbortError") {
        told(true);
        lost();
        toast(t("play.not_sent"), { tone: "bad" });
      }
      throw error;
    }
  };
}

/** A line that waited is said in the chat that came meanwhile. */
function whereItStands(body) {
  const asked = JSON.parse(body);
  asked.data.push(placed(asked.data.pop()));
  return JSON.stringify(asked);
}

/** It did not go out; and no line waits for a chat that was asked for so. */
function gaveUp(body, joins) {
  if (joins && !isLine(body)) change({ seen: shared().asked });
  notSent(body);
}

/** One behind the other, so that lines arrive as they were written. */
function inTurn(ask) {
  const mine = before.then(ask, ask);
  before = mine.catch(() => {});
  return mine;
}

/** Gradio's box brings files in by our own way, and is answered as its server would: with a path for each. */
async function kept(files) {
  const paths = [];
  const there = document.querySelectorAll("#ask .thumbnail-item").length;
  if (there + files.length > MOST) return refused(t("attach.most", { n: MOST }));
  for (const file of files) {
    const known = pathOf(file);
    if (known) {
      paths.push(known);
      continue;
    }
    if (file.size > LARGEST) return refused(t("attach.large", { name: file.name, mb: LARGEST / 1e6 }));
    const answer = await upload("play", "keep_file", file, { name: file.name.slice(0, 200) });
    if (!answer.ok) return refused(say(answer.text));
    paths.push(`kept/${answer.value.hash}/${encodeURIComponent(JSON.stringify(answer.value))}`);
  }
  return Response.json(paths);
}

function refused(sentence) {
  toast(sentence, { tone: "bad" });
  told(true);
  return Response.json({ error: sentence }, { status: 400 });
}

/** A file in an event is plain data: what was kept, by its path. */
const plainly = (body) =>
  JSON.stringify(JSON.parse(body, (_, value) => value?.meta?._type === FILE ? { kept: value.path } : value));

async function tell(response) {
  if (response.status === 401) {
    signedOut(() => signIn());
    return (await signIn()) && toast(t("play.again"));
  }
  if (response.status >= 500) lost();
  const sentence = await response.json().then(({ error }) => error, () => "");
  toast(response.status < 500 && typeof sentence === "string" && sentence || t("play.not_sent"), { tone: "bad" });
}

/** Gradio's own words for it, which are English or worse, stay unseen (play.css). */
const told = (failed) => document.body.classList.toggle("hy-told", failed);
