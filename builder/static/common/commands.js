// What the bar can do from every page: where one can go, and what one can begin.

import { opensNow } from "./opens.js";
import { at } from "./root.js";
import { agentId, href } from "./server.js";
import { t } from "./texts.js";

const PAGES = {
  agents: "./",
  prompts: "prompts",
  bases: "bases",
  models: "models",
  deleted: "deleted",
  safety: "safety",
  privacy: "privacy",
  limits: "limits",
  security: "security",
  backups: "backups",
  people: "people",
  sso: "sso",
  audit: "audit",
  account: "account",
  insights: "insights/",
  conversations: "insights/conversations",
  todo: "insights/todo",
  tickets: "insights/tickets",
  waiting: "insights/waiting",
  runs: "insights/runs",
};
/** By what they begin, the page whose address ends with it: its button of that test id is pressed (see `followBegun`). */
const BEGIN = [["new", "./#new"], ["import", "./#import"], ["add_model", "models#add-model"], [
  "new_base",
  "bases#new-base",
]];

/** Lines for the search over everything; `own`: those that the bar does itself, {name: run}. */
export function commands(steps, own) {
  const opens = opensNow();
  const page = ([name, to]) => ({ kind: "pages", title: t(`find.page.${name}`), to });
  const step = (name) => ({ kind: "pages", title: t(`nav.${name}`), run: () => location.assign(at(href(name))) });
  const begin = ([name, to]) => ({ kind: "actions", icon: "plus", title: t(`find.begin.${name}`), run: () => go(to) });
  const mine = ([name, { run, keys }]) => ({ kind: "actions", title: t(`find.do.${name}`), keys, run });
  return [
    ...(agentId() ? steps.filter(opens).map(step) : []),
    ...Object.entries(PAGES).filter(([, to]) => opens(pathOf(to))).map(page),
    ...BEGIN.filter(([, to]) => opens(to.slice(to.indexOf("#")))).map(begin),
    ...Object.entries(own).map(mine),
  ];
}

/** The page of an address, as the server calls it. */
const pathOf = (to) => to.replace("./", "").split("/")[0];

/** Also where that page is shown already: then only the end of the address changes. */
function go(to) {
  const address = new URL(at(to));
  if (address.hash === location.hash) history.replaceState(null, "", location.pathname + location.search);
  location.assign(address);
}

/** Press the button that the end of the address names, of those in BEGIN, as soon as the page has drawn it. */
export function followBegun() {
  const look = () => {
    const id = location.hash.slice(1);
    if (!id || !BEGIN.some(([, to]) => to.endsWith(`#${id}`))) return true;
    const button = /** @type {HTMLElement} */ (document.querySelector(`[data-testid="${id}"]`));
    if (!button) return false;
    history.replaceState(null, "", location.pathname + location.search);
    button.click();
    return true;
  };
  const watch = () => {
    if (look()) return;
    const changes = new MutationObserver(() => look() && changes.disconnect());
    changes.observe(document.body, { childList: true, subtree: true });
  };
  addEventListener("hashchange", watch);
  watch();
}
