// What of the page that is shown keeps somebody out: an object of functions for measuring.py.
({
  /** axe-core's complaints, a line each. */
  async axe(options) {
    await this.atRest();
    const shown = document.querySelector("dialog[open]");
    // of a dialog no rule of whole pages
    const rules = shown ? { region: { enabled: false }, "page-has-heading-one": { enabled: false } } : {};
    const found = await globalThis.axe.run(shown ?? document, { ...options, rules, resultTypes: ["violations"] });
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary: why }) => `${id}: ${html.slice(0, 200)} ${why.split("\n")[1]?.trim() ?? ""}`)
    );
  },

  /** What moves has come to its end, as far as it has one: what is half faded in has not yet its colours. */
  async atRest() {
    const isEnding = (one) => one.playState === "running" && Number.isFinite(one.effect.getComputedTiming().endTime);
    for (let moving; (moving = document.getAnimations().filter(isEnding)).length;) {
      await Promise.allSettled(moving.map((one) => one.finished));
    }
  },

  /** What a finger can touch and is smaller than `usual` CSS pixels, or than `smallest` where it stands `dense`. */
  small({ smallest, usual, dense }) {
    const isInText = (node) => node.matches("a, button.link") && getComputedStyle(node).display === "inline";
    const box = (node) => ((node.matches("input") && node.closest("label")) || node).getBoundingClientRect();
    return this.reachable("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=tab]")
      .filter((node) => !isInText(node) && !node.closest("[aria-hidden=true]")).flatMap((node) => {
        const { width, height, right, left } = box(node);
        if (width <= 1 || height <= 1 || right < 0 || left > innerWidth) return [];
        const least = node.closest(dense) ? smallest : usual;
        const fits = Math.round(height) >= least && Math.round(width) >= Math.min(least, smallest);
        return fits ? [] : [`${Math.round(width)}x${Math.round(height)} ${node.outerHTML.slice(0, 140)}`];
      });
  },

  /** How many CSS pixels the page is wider than the window. */
  wider: () => document.documentElement.scrollWidth - innerWidth,

  /** What takes the focus without being seen to have it, or without a name. Call it after a key was pressed: then
   * whatever gets the focus shows it as if a key had brought it there. */
  unseen() {
    const was = document.activeElement;
    const still = new CSSStyleSheet(); // a page may forbid styles that are written into it
    still.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important }");
    document.adoptedStyleSheets.push(still);
    const wrong = [];
    for (const node of this.reachable("a[href], button, input, select, textarea, summary, [tabindex]")) {
      if (node.tabIndex < 0 || node.disabled) continue;
      document.activeElement?.blur?.();
      const before = this.drawn(node);
      node.focus({ preventScroll: true });
      if (document.activeElement !== node) continue;
      if (this.drawn(node) === before) wrong.push(`unseen: ${node.outerHTML.slice(0, 160)}`);
      if (!this.isNamed(node)) wrong.push(`nameless: ${node.outerHTML.slice(0, 160)}`);
    }
    was?.focus?.();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== still);
    return wrong;
  },

  /** Begin to note what the Tab key reaches; the number of all that it has to reach. */
  walk() {
    const isStop = (node) => node.tabIndex >= 0 && !node.disabled && !(node.type === "radio" && !node.checked);
    this.stops.clear();
    for (const node of this.reachable("a[href], button, input, select, textarea, summary, [tabindex]")) {
      if (isStop(node)) this.stops.add(node);
    }
    document.addEventListener("focusin", ({ target }) => {
      this.stops.delete(target);
      const others = target.closest("[role=radiogroup]")?.querySelectorAll("[role=radio]") ?? []; // by arrows
      for (const one of others) this.stops.delete(one);
    });
    document.activeElement?.blur?.();
    return this.stops.size;
  },

  /** What it did not reach. */
  walked() {
    return [...this.stops].filter((node) => node.isConnected).map((node) => node.outerHTML.slice(0, 160));
  },

  stops: new Set(),

  /** What is drawn of them, in the dialog on top if there is one. */
  reachable(selector) {
    const top = [...document.querySelectorAll("dialog[open]")].pop() ?? document.body;
    return [...top.querySelectorAll(selector)]
      .filter((node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true }));
  },

  /** How it and what is around it look. */
  drawn(node) {
    const near = [node, ...node.children, ...(node.parentElement?.children ?? [])].slice(0, 12);
    for (let up = node.parentElement, n = 0; up && n < 8; up = up.parentElement, n++) near.push(up);
    return near.map((one) => {
      const style = getComputedStyle(one);
      const outline = style.outlineStyle === "none" ? "" : `${style.outlineColor} ${style.outlineWidth}`;
      return [outline, style.boxShadow, style.borderColor, style.backgroundColor].join();
    }).join("|");
  },

  isNamed(node) {
    const ids = (node.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
    const names = [
      ...[node.ariaLabel, node.title, node.placeholder, node.alt, node.textContent],
      ...[...(node.labels ?? []), ...ids.map((id) => document.getElementById(id))].map((one) => one?.textContent),
    ];
    return names.some((text) => text?.trim());
  },
});
