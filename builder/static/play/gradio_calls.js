// The chat is Gradio's and calls the server itself. What goes wrong with its calls is told in our words, like any other.

import { lost, signedOut } from "../common/connection.js";
import { toast } from "../common/toast.js";
import { signIn } from "../common/sign_in.js";
import { t } from "../common/texts.js";

const WATCHED = /\/gradio_api\/queue\/(join|data)/;

export function watchGradio() {
  const plain = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    if (!WATCHED.test(input instanceof Request ? input.url : String(input))) return plain(input, init);
    try {
      const response = await plain(input, init);
      told(!response.ok);
      if (!response.ok) tell(response.clone());
      return response;
    } catch (error) {
      if (error.name !== "AbortError") {
        told(true);
        lost();
        toast(t("play.not_sent"), { tone: "bad" });
      }
      throw error;
    }
  };
}

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
