// What stands where nothing is: each is named here, so that all of them teach alike.

import { html } from "preact";
import { Icon } from "./elements.js";
import { t } from "./texts.js";

/** Where nothing is yet, by name the icon. The sentences are `empty.NAME.title` and `empty.NAME.hint`. */
const YET = {
  agents: "spark",
  pick: "spark",
  bases: "book",
  models: "spark",
  secrets: "key",
  safety: "check",
  prompts: "edit",
  prompt_versions: "clock",
  versions: "clock",
  tests: "check",
  chats: "chat",
  trace: "clock",
  variables: "settings",
  api: "code",
  keys: "key",
  people: "person",
  sso: "key",
  records: "clock",
};

/** Where there is nothing to begin, or what begins it stands above: all is well, or nothing was found. */
const CALM = {
  notices: "bell",
  unanswered: "check",
  deleted: "trash",
  sources: "page",
  decisions: "check",
  records_found: "search",
  no_agents: "spark",
  no_bases: "book",
  no_models: "spark",
  no_prompts: "edit",
  passages: "search",
  chats_found: "chat",
  same: "check",
  templates: "edit",
};

/** `of`: a name in `YET`; as children the button that begins it. */
export const Empty = ({ of, children }) =>
  html`<${Drawn} icon=${YET[of]} title=${t(`empty.${of}.title`)} hint=${t(`empty.${of}.hint`)}>${children}</${Drawn}>`;

/** `of`: a name in `CALM`. */
export const Calm = ({ of }) =>
  html`<${Drawn} icon=${CALM[of]} title=${t(`calm.${of}.title`)} hint=${t(`calm.${of}.hint`)} />`;

function Drawn({ icon, title, hint, children }) {
  return html`<div class="hy-empty">
    <div class="hy-empty-icon"><${Icon} name=${icon} size=${26} /></div>
    <h2>${title}</h2>
    <p>${hint}</p>
    ${children && html`<div class="hy-row center">${children}</div>`}
  </div>`;
}
