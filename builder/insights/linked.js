// Streamlit's modules, which came in one script (_pack.py), each once, and when the first one asks for it.

const { modules, entry } = /** @type {any} */ (globalThis).hyPack;
const made = new Map(); // a module's name → what it exports
const waiting = new Map(); // a module's name → the promise of it, where it is in no pack

/** What that one exports; it runs when it is asked for first. */
function need(name) {
  let found = made.get(name);
  if (!found) made.set(name, found = modules[name](need));
  return found;
}

/** One that comes later; it is asked for where the pack has none. */
async function there(name) {
  if (modules[name]) return;
  if (!waiting.has(name)) waiting.set(name, fetched(name));
  await waiting.get(name);
}

async function fetched(name) {
  const { run, needs } = await import(new URL(`../split/${name}`, globalThis.hyLinked.base).href);
  await Promise.all(needs.map(there));
  modules[name] = run;
}

globalThis.hyLinked = {
  base: new URL("./static/js/module.js", document.baseURI).href,
  load: async (name) => {
    await there(name);
    return need(name);
  },
  /** Modules are fetched here and not ahead; style sheets still are. */
  styles: (names) => names.filter((name) => name.endsWith(".css")),
};
// by a small function: where something asks who called it, each one above is read again, and this script is long
queueMicrotask(() => need(entry));
