// The bar on top: where one is, where one can go, language, light or dark, logout.

import { languages } from "assets";
import { html, useEffect, useState } from "preact";
import { show } from "./show.js";
import { Button } from "./elements.js";
import { tellFaults } from "./faults.js";
import { Bell } from "./bell.js";
import { commands, followBegun } from "./commands.js";
import { showEverything } from "./everything.js";
import { showHelp } from "./help.js";
import { openMenu } from "./menu.js";
import { useOpens } from "./opens.js";
import { at } from "./root.js";
import { agentId, href } from "./server.js";
import { listen, tell } from "./shortcuts.js";
import { lang, t } from "./texts.js";
import { toast } from "./toast.js";
import { beginTour, Tour, tourComes } from "./tour.js";

const GOOSE =
  "M2.5 8.5c3.5-.8 6.5.2 8.5 3 1-3.8 3.8-6.5 7.5-7 .9-.1 1.7.2 2.2.9l1.3 1.1-2 .5c-.4 3.5-1.5 6-3.5 8-1.8 1.8-4.2 2.8-7 3l-3.5 2.5 1-3.3C4.5 15.5 3 12.5 2.5 8.5z";
const STEPS = ["build", "play", "tests", "publish"];
const OFFICE = ["account", "people", "sso", "limits", "privacy", "audit", "security", "backups"]; // who works here, and what they look after

/** `here`: the page's name, where the address does not end with it. */
export function mount({ element, here = location.pathname.split("/").pop() }) {
  tell("everywhere", keysOf(here));
  listen(here);
  tellFaults(); // here, since every page has this bar
  followChoice();
  followBegun();
  show(html`<${Nav} here=${here} />`, element);
}

const search = (here) => showEverything(commands(STEPS, deeds(here)));

const keysOf = (here) => [
  { keys: "Ctrl + K", says: "help.find", press: { key: "k", mod: true, typing: true }, run: () => search(here) },
  { keys: "?", says: "help.help", press: { key: "?" }, run: () => showHelp(here) },
  { keys: "Esc", says: "help.esc" },
  { keys: "Tab", says: "help.tab" },
];

/** What the bar does itself. */
const deeds = (here) => ({
  help: { run: () => showHelp(here), keys: "?" },
  tour: { run: () => beginTour(here) },
  theme: { run: turnTheme },
  logout: { run: () => void leave() },
});

const isDark = () => document.body.classList.contains("dark");

function followChoice() {
  const wanted = localStorage.getItem("hy-theme");
  if (wanted) document.body.classList.toggle("dark", wanted === "dark");
}

function Nav({ here }) {
  const opens = useOpens();
  const tab = (page, label, to) =>
    opens(page) &&
    html`<a class="tab" href=${to} data-testid="nav-${page || "home"}" aria-current=${
      here === page ? "page" : page === "" && STEPS.includes(here) ? "true" : null
    }>${label}</a>`;
  const step = (page, id = `nav-${page}`, label = t(`nav.${page}`)) =>
    opens(page) &&
    html`<a key=${page} href=${href(page)} data-testid=${id} aria-current=${
      here === page ? "page" : null
    }>${label}</a>`;
  useEffect(() => { // on a phone they stand in one row that is longer than the screen
    for (const one of document.querySelectorAll(":is(.hy-tabs, .hy-steps) [aria-current]")) {
      one.scrollIntoView({ block: "nearest", inline: "center" });
    }
  }, []);
  const told = (known) => known?.tour && here === "" && tourComes();
  const bar = html`<nav class="hy-nav" aria-label=${t("nav.main")}>
    <${Button} label=${t("nav.skip")} look="hy-skip" id="nav-skip" onClick=${toContent} />
    <${Brand} />
    <div class="hy-tabs">
    ${tab("", t("nav.agents"), at("./"))}${tab("prompts", t("nav.prompts"), at("prompts"))}${
    tab("bases", t("nav.bases"), at("bases"))
  }${tab("models", t("nav.models"), at("models"))}${tab("safety", t("nav.safety"), at("safety"))}
    ${tab("insights", t("nav.insights"), at("insights/"))}
    </div>
    ${agentId() && html`<div class="hy-steps">${STEPS.map((page) => step(page))}</div>`}
    ${
    OFFICE.includes(here) && html`<div class="hy-steps office">${
      OFFICE.map((page) => step(page, `office-${page}`, t(`office.${page}`)))
    }</div>`
  }
    <div class="grow"></div>
    <${Button} icon="search" look="quiet icon" title=${t("find.title")} id="nav-find" aria-keyshortcuts="Control+K"
      onClick=${() => search(here)} />
    <${Bell} told=${told} />
    <${Button} label="?" look="quiet icon" title=${t("help.title")} id="nav-help" onClick=${() => showHelp(here)} />
    <${Language} /><${Theme} />
    <${Button} icon="person" look="quiet icon" title=${t("nav.account")} id="nav-account" onClick=${toAccount} />
    <${Button} icon="out" look="quiet icon" title=${t("nav.logout")} id="nav-logout" onClick=${leave} />
    <${Button} icon="more" look="quiet icon" title=${t("nav.more")} id="nav-more" aria-haspopup="menu"
      onClick=${({ currentTarget }) => openMenu(currentTarget, t("nav.more"), rest(here))} />
  </nav>`;
  return [bar, html`<${Tour} key="tour" here=${here} />`];
}

/** Past the bar, for whoever walks by keys. */
function toContent() {
  const heading = /** @type {HTMLElement} */ (document.querySelector("h1"));
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
}

/** On a phone, where the bar has room for little, what else it does. */
const rest = (here) => [
  ...languages.filter(({ code }) => code !== lang).map(({ code, name }) => ({
    title: name,
    icon: "globe",
    run: () => location.assign(at(`lang/${code}`)),
  })),
  { title: t("nav.theme"), icon: isDark() ? "sun" : "moon", run: turnTheme },
  { title: t("find.do.tour"), icon: "flag", run: () => beginTour(here) },
  { title: t("nav.account"), icon: "person", testid: "more-account", run: toAccount },
  { title: t("nav.logout"), icon: "out", testid: "more-logout", run: () => void leave() },
];

function Brand() {
  return html`
    <a class="hy-brand" href=${at("./")} aria-label=${t("nav.home")}>
      <svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" aria-hidden="true">
        <path d=${GOOSE} stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />
      </svg>
      <span>${t("brand")}</span>
    </a>
  `;
}

function Theme() {
  const [dark, setDark] = useState(isDark());
  useEffect(() => {
    const over = new AbortController();
    document.addEventListener("hongyan:theme", () => setDark(isDark()), over);
    return () => over.abort();
  }, []);
  return html`<${Button} icon=${dark ? "sun" : "moon"} look="quiet icon" title=${
    t("nav.theme")
  } id="nav-theme" onClick=${turnTheme} />`;
}

function turnTheme() {
  document.body.classList.toggle("dark");
  localStorage.setItem("hy-theme", isDark() ? "dark" : "light");
  document.dispatchEvent(new CustomEvent("hongyan:theme"));
}

/** The other language; of several, a choice. */
function Language() {
  if (languages.length > 2) {
    const option = ({ code, name, locale }) =>
      html`<option key=${code} value=${code} lang=${locale} selected=${code === lang}>${name}</option>`;
    return html`
      <select class="hy-input hy-langs" data-testid="nav-lang" aria-label=${t("nav.languages")}
        onChange=${(event) => location.assign(at(`lang/${event.target.value}`))}>${languages.map(option)}</select>
    `;
  }
  const other = languages.find(({ code }) => code !== lang)?.code;
  return html`
    <a class="hy-btn quiet" href=${at(`lang/${other}`)} hreflang=${other} data-testid="nav-lang"
      aria-label=${t("nav.language")}>
        <span class="wide">${t("nav.language")}</span><span class="narrow">${t("nav.language.short")}</span>
      </a>
  `;
}

const toAccount = () => location.assign(at("account"));

/** A page sends no form: its policy forbids it, because an answer could hold one. */
async function leave() {
  try {
    const response = await fetch(at("logout"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
      redirect: "manual",
    });
    if (response.status < 400) return location.assign(at("login"));
  } catch {
    // told below
  }
  toast(t("nav.logout.failed"), { tone: "bad" });
}
