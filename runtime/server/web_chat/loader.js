// The one tag of a site that embeds the conversation: it fetches the rest when the page around is there.

(() => {
  // @ts-ignore what the server writes here
  const given = GIVEN;
  const named = `script[src*="/chat/${given.publication}/widget.js"]`;
  const tag = /** @type {HTMLScriptElement} */ (document.currentScript ?? document.querySelector(named));
  const base = new URL("../../", tag.src).href;
  const { position, lang, theme, visitor, open } = tag.dataset;
  const chosen = { position: position ?? given.position, lang, theme, visitor, open: open !== undefined };
  const begin = async () => {
    const { modules } = await import(base + given.script);
    modules["client/widget"].begin({ ...given, ...chosen, base });
  };
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
})();
