// The shadow root in which everything of ours stands: no sheet of the page around reaches it, nor ours the page.

import { html, render, useEffect, useState } from "preact";
import { sheet } from "assets";
import { colours } from "./colours.js";

/** A root with our sheet, which no policy of the page has to allow; where the browser cannot, by a link to it. */
export function rooted(element, base) {
  const root = element.attachShadow({ mode: "open" });
  try {
    const styles = new CSSStyleSheet();
    styles.replaceSync(sheet.text);
    root.adoptedStyleSheets = [styles];
  } catch {
    const link = Object.assign(document.createElement("link"), {
      rel: "stylesheet",
      href: new URL(sheet.path, base).href,
    });
    root.append(link);
  }
  const within = document.createElement("div");
  root.append(within);
  return (what) => render(what, within);
}

/** `theme`: "light", "dark" or whatever the visitor's system has. */
export function Root({ kind, colour, theme = "", say, children }) {
  const [dark, setDark] = useState(isDark(theme));
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const change = () => setDark(isDark(theme));
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, [theme]);
  return html`
    <div class="root ${kind} ${dark ? "dark" : ""}" lang=${say.locale} style=${colours(colour, dark)}>${children}</div>
  `;
}

const isDark = (theme) => theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
