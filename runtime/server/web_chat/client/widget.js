// The conversation within another site: a button in a corner, which opens it.

import { html, useEffect, useRef, useState } from "preact";
import { Chat } from "./chat.js";
import { Client } from "./client.js";
import { Icon } from "./icons.js";
import { Root, rooted } from "./root.js";
import { useHeight, usePhone, useWayBack } from "./screen.js";
import { useTrap } from "./sheet.js";
import { language, speaker } from "./texts.js";
import { browser } from "./world.js";

const NAME = "hongyan-chat";
const FRESH = 30 * 60; // seconds since the last word, within which what comes unasked is waited for

/** `given`: {base, publication, title, color, position, visitor, lang, theme, open}. */
export function begin(given) {
  if (!customElements.get(NAME)) customElements.define(NAME, element());
  const others = /** @type {any[]} */ ([...document.querySelectorAll(NAME)]);
  const there = others.some((one) => one.publication === given.publication);
  if (there) return; // the tag stands there twice
  const chat = Object.assign(document.createElement(NAME), { given });
  document.body.append(chat);
}

/** What the site's own scripts may do: show(), hide(), and identify() with what their server signed. */
const element = () =>
  class extends HTMLElement {
    given = null; // as begin() got it

    get publication() {
      return this.given.publication;
    }

    connectedCallback() {
      if (!this.draw) {
        this.draw = rooted(this, this.given.base);
        this.identify(this.given.visitor);
      }
    }

    show() {
      this.dispatchEvent(new Event("show"));
    }

    hide() {
      this.dispatchEvent(new Event("hide"));
    }

    /** `visitor`: a JWT, or "" when nobody is signed in any more. */
    identify(visitor = "") {
      const { base, publication, lang } = this.given;
      this.client?.rest();
      this.client = new Client(browser(), base, publication, visitor, language(lang));
      this.draw(html`<${Widget} key=${visitor} host=${this} client=${this.client} given=${this.given} />`);
    }
  };

function Widget({ host, client, given }) {
  const say = speaker(language(given.lang));
  const [open, setOpen] = useOpen(client, given);
  const [touched, setTouched] = useState(false); // by this visitor, on this page: only then the focus is moved
  const phone = usePhone();
  const change = (wanted) => {
    setTouched(true);
    setOpen(wanted);
  };
  const panel = useRef(null);
  const button = useRef(null);
  useCommands(host, change);
  useWayBack(open && phone, () => change(false));
  useHeight(open && phone);
  useTrap(panel, () => change(false), open && touched, phone, button);
  const unread = useUnread(client, open);
  return html`
    <${Root} kind="widget ${given.position === "left" ? "left" : "right"} ${open ? "open" : ""}" colour=${given.color}
      theme=${given.theme} say=${say}>
      <section class="panel" ref=${panel} hidden=${!open} role="dialog" aria-label=${given.title}
        aria-modal=${phone ? "true" : null}>
        ${open && html`<${Chat} client=${client} say=${say} branding=${given.branding} close=${() => change(false)} />`}
      </section>
      <button type="button" class="launcher" ref=${button} aria-expanded=${open}
        aria-label=${say(open ? "close" : unread ? "open.unread" : "open", { name: given.title })}
        onClick=${() => change(!open)}>
        <${Icon} name=${open ? "down" : "chat"} size=${26} />
        ${unread > 0 && !open && html`<span class="badge" aria-hidden="true">${unread}</span>`}
      </button>
      </${Root}>
  `;
}

/** Open on the next page, too, as soon as there is somebody who said something. */
function useOpen(client, given) {
  const { keep } = client.world;
  const name = `hongyan.${given.publication}.open`;
  const [open, setOpen] = useState(() => Boolean(given.open) || (client.session.known && keep.get(name) !== null));
  useEffect(() => {
    if (!open) return keep.drop(name);
    const remember = () => keep.get(name) === null && client.session.known && keep.put(name, "1");
    remember();
    return client.watch(remember);
  }, [open]);
  return /** @type {[boolean, (wanted: boolean) => void]} */ ([open, setOpen]);
}

function useCommands(host, change) {
  useEffect(() => {
    const show = () => change(true);
    const hide = () => change(false);
    host.addEventListener("show", show);
    host.addEventListener("hide", hide);
    return () => {
      host.removeEventListener("show", show);
      host.removeEventListener("hide", hide);
    };
  });
}

/** How many answers came while nobody looked; waited for only where somebody wrote a short while ago. */
function useUnread(client, open) {
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (open) return setCount(0);
    if (!client.session.known || (!client.outbox.all().length && client.world.now() / 1000 - client.last > FRESH)) {
      return;
    }
    const seen = new Set();
    client.begin().then(
      () => client.messages.forEach(({ id, state }) => state === "answered" && seen.add(id)),
      () => null,
    );
    const stop = client.watch(() =>
      setCount(client.messages.filter(({ id, state }) => state === "answered" && !seen.has(id)).length)
    );
    return () => {
      stop();
      client.rest();
    };
  }, [open, client]);
  return open ? 0 : count;
}
