// The page of its own: the conversation is all there is.

import { html } from "preact";
import { Chat } from "./chat.js";
import { Client } from "./client.js";
import { Root, rooted } from "./root.js";
import { language, speaker } from "./texts.js";
import { useHeight } from "./screen.js";
import { browser } from "./world.js";

/** `given`: {publication, color, lang}; `up`: from the page to our server. */
export function begin(given, up) {
  const base = new URL(up, location.href).href;
  const say = speaker(given.lang || language());
  const client = new Client(browser(), base, given.publication, "", say.lang);
  rooted(document.querySelector("main"), base)(html`<${Page} client=${client} say=${say} given=${given} />`);
}

function Page({ client, say, given }) {
  useHeight(true);
  return html`
    <${Root} kind="page" colour=${given.color} say=${say}>
      <${Chat} client=${client} say=${say} branding=${given.branding} close=${null} />
      </${Root}>
  `;
}
