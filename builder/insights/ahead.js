// Run in the page's head, as it stands: Streamlit's script takes long to begin, so what it will ask for first is asked
// here, and drawn meanwhile. Its first connection is this one; it hears what came for it once it has asked itself.
(function () {
  const Plain = globalThis.WebSocket;
  const address = globalThis.__streamlit.BACKEND_BASE_URL.replace(/^http/, "ws") + "/_stcore/stream";
  const chosen = localStorage.getItem("hy-theme");
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  // what its first question says (_ahead.py makes one of it)
  const told = {
    query: location.search.slice(1),
    page: /\/insights\/?(.*?)\/?$/.exec(location.pathname)?.[1] ?? "",
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    offset: new Date().getTimezoneOffset(),
    locale: navigator.languages?.[0] || navigator.language,
    url: location.origin + location.pathname,
    scheme: dark ? "dark" : "light",
  };
  const token = /(?:^|; )_streamlit_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? "PLACEHOLDER_AUTH_TOKEN";
  const socket = new Plain(`${address}?ahead=${encodeURIComponent(JSON.stringify(told))}`, ["streamlit", token]);
  socket.binaryType = "arraybuffer";
  const came = [];
  const keep = ({ data }) => came.push(data);
  socket.addEventListener("message", keep);

  /** It asked: whatever was answered before arrives now, in its order and before what comes next. */
  function asks(data) {
    delete socket.send;
    socket.send(data);
    queueMicrotask(() => {
      socket.removeEventListener("message", keep);
      for (const one of came) socket.dispatchEvent(new MessageEvent("message", { data: one }));
    });
  }

  function First(url, protocols) {
    globalThis.WebSocket = Plain;
    if (new URL(url).href !== new URL(address).href || socket.readyState > Plain.OPEN) {
      socket.close();
      return new Plain(url, protocols);
    }
    socket.send = asks;
    if (socket.readyState === Plain.OPEN) queueMicrotask(() => socket.dispatchEvent(new Event("open")));
    return socket;
  }
  const names = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3, prototype: Plain.prototype };
  globalThis.WebSocket = /** @type {any} */ (Object.assign(First, names));
})();
