// The bar on top: where one is, where one can go, language, light or dark, logout.

import { languages } from "assets";
import { button, h, icon } from "./dom.js";
import { tellFaults } from "./faults.js";
import { listenForHelp, showHelp } from "./help.js";
import { toast } from "./toast.js";
import { at } from "./root.js";
import { agentId, href } from "./server.js";
import { lang, t } from "./texts.js";

const GOOSE =
  "M2.5 8.5c3.5-.8 6.5.2 8.5 3 1-3.8 3.8-6.5 7.5-7 .9-.1 1.7.2 2.2.9l1.3 1.1-2 .5c-.4 3.5-1.5 6-3.5 8-1.8 1.8-4.2 2.8-7 3l-3.5 2.5 1-3.3C4.5 15.5 3 12.5 2.5 8.5z";

function brand() {
  const svg = icon("block", 24);
  svg.firstChild.setAttribute("d", GOOSE);
  return h(
    "a",
    { class: "hy-brand", href: at("./"), "aria-label": t("nav.home") },
    svg,
    h("span", {}, t("brand")),
  );
}

function theme() {
  const isDark = () => document.body.classList.contains("dark");
  const wanted = localStorage.getItem("hy-theme");
  if (wanted) document.body.classList.toggle("dark", wanted === "dark");
  const node = button("", {
    name: isDark() ? "sun" : "moon",
    look: "quiet icon",
    title: t("nav.theme"),
    id: "nav-theme",
  });
  node.addEventListener("click", () => {
    document.body.classList.toggle("dark");
    localStorage.setItem("hy-theme", isDark() ? "dark" : "light");
    node.replaceChildren(icon(isDark() ? "sun" : "moon"));
  });
  return node;
}

function languageMenu() {
  const options = languages.map(({ code, name, locale }) =>
    h("option", { value: code, lang: locale, selected: code === lang }, name)
  );
  const node = h("select", {
    class: "hy-input hy-langs",
    "data-testid": "nav-lang",
    "aria-label": t("nav.languages"),
    onchange: () => location.assign(at(`lang/${node.value}`)),
  }, options);
  return node;
}

function language() {
  if (languages.length > 2) return languageMenu();
  const other = languages.find(({ code }) => code !== lang)?.code;
  return h(
    "a",
    {
      class: "hy-btn quiet",
      href: at(`lang/${other}`),
      hreflang: other,
      "data-testid": "nav-lang",
      "aria-label": t("nav.language"),
    },
    h("span", { class: "wide" }, t("nav.language")),
    h("span", { class: "narrow" }, t("nav.language.short")),
  );
}

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

/** `here`: the page's name, where the address does not end with it. */
export function mount({ element, here = location.pathname.split("/").pop() }) {
  listenForHelp();
  tellFaults(); // here, since every page has this bar
  const tab = (page, label, to) =>
    h("a", {
      class: "tab",
      href: to,
      "data-testid": `nav-${page || "home"}`,
      "aria-current": here === page ? "page" : null,
    }, label);
  const steps = ["build", "play", "publish"].map((page) =>
    h(
      "a",
      { href: href(page), "data-testid": `nav-${page}`, "aria-current": here === page ? "page" : null },
      t(`nav.${page}`),
    )
  );
  const logout = button("", {
    name: "out",
    look: "quiet icon",
    title: t("nav.logout"),
    id: "nav-logout",
    onclick: leave,
  });
  element.replaceChildren(
    h(
      "nav",
      { class: "hy-nav", "aria-label": t("nav.main") },
      brand(),
      tab("", t("nav.agents"), at("./")),
      tab("models", t("nav.models"), at("models")),
      tab("insights", t("nav.insights"), at("insights/")),
      agentId() && h("div", { class: "hy-steps" }, steps),
      h("div", { class: "grow" }),
      button("?", { look: "quiet icon", title: t("help.title"), id: "nav-help", onclick: showHelp }),
      language(),
      theme(),
      logout,
    ),
  );
}
