// Where somebody is signed in.

import { html } from "preact";
import { Button } from "../common/elements.js";
import { Line, Table } from "../common/table.js";
import { ago, say, t } from "../common/texts.js";

const BROWSERS = [["Edg/", "Edge"], ["MicroMessenger", "WeChat"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"], [
  "Safari/",
  "Safari",
]];
const SYSTEMS = [["Android", "Android"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Windows", "Windows"], [
  "Mac OS",
  "Mac",
], [
  "Linux",
  "Linux",
]];

/** As people call what a browser says of itself. */
export function deviceOf(told) {
  const named = (of) => of.find(([mark]) => told.includes(mark))?.[1];
  const [browser, system] = [named(BROWSERS), named(SYSTEMS)];
  if (browser && system) return t("people.device", { browser, system });
  return browser || system || told.slice(0, 40) || t("people.some_device");
}

/** `end(id)`: ends one; null where that is not theirs to do. */
export function Sessions({ sessions, end }) {
  return html`<${Table}>${
    sessions.map((one) =>
      html`
        <${Line} key=${one.id} id="session" actions=${end &&
          [html`<${Button} label=${t("people.end")} id="end-session" onClick=${() => end(one.id)} />`]}>
          <p>${deviceOf(one.device)}</p>
          <p class="faint">${one.address} · ${ago(one.at)}${one.by.length > 0 &&
            ` · ${t("account.by", { by: one.by.map(say).join(" + ") })}`}</p>
          </${Line}>
      `
    )
  }</${Table}>`;
}
