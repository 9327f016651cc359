// Streamlit's modules, which came in one file, as modules again (_pack.py): each gets an address of its own.

(function () {
  const placed = new Map(); // a module's name → its address, once those that it imports have theirs

  /** `pieces`: its text, with the names of what it imports between. `above`: those that wait for it. */
  const address = (name, above = [], pieces = undefined) => {
    if (above.includes(name)) throw new TypeError(`${name} imports itself over others`);
    if (!placed.has(name)) placed.set(name, place(pieces ?? json(`./static/split/${name}`), [...above, name]));
    return placed.get(name);
  };

  async function place(pieces, around) {
    const texts = (await pieces).map((piece, n) => n % 2 ? address(piece, around) : piece);
    return URL.createObjectURL(new Blob(await Promise.all(texts), { type: "text/javascript" }));
  }

  async function json(path) {
    const response = await fetch(path);
    if (!response.ok) throw new TypeError(`${path}: ${response.status}`);
    return await response.json();
  }

  globalThis.hyLinked = {
    base: new URL("./static/js/module.js", document.baseURI).href,
    load: async (name) => import(await address(name)),
    /** Modules are fetched here and not ahead; style sheets still are. */
    styles: (names) => names.filter((name) => name.endsWith(".css")),
  };

  /** From the pack at that path; one by one, when a browser cannot. */
  async function begin(pack, entry) {
    let first;
    try {
      for (const [name, pieces] of await json(pack)) address(name, [], pieces);
      first = await address(entry);
    } catch {
      first = new URL(entry, globalThis.hyLinked.base).href;
    }
    // what it begins on is there when the page is
    if (document.readyState === "loading") await new Promise((go) => addEventListener("DOMContentLoaded", go));
    await import(first);
  }

  const { pack, entry } = document.currentScript.dataset;
  begin(pack, entry);
})();
