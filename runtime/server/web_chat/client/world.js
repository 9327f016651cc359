// What the browser gives to the client, in one object, so that a test can give something else.

/** `keep`: what lasts over pages and is seen by other tabs; where the browser forbids that, it lasts for this page. */
export function browser() {
  return {
    fetch: (url, options) => fetch(url, options),
    socket: (url, protocols) => new WebSocket(url, protocols),
    now: () => Date.now(),
    later: (work, ms) => setTimeout(work, ms),
    never: (timer) => clearTimeout(timer),
    // deno-lint-ignore no-console -- the site's developer looks there
    warn: (text) => console.warn(text),
    random: () => Math.random(),
    name: named,
    keep: keeper(),
    alone,
    on: (event, work) => listening(event === "visibilitychange" ? document : window, event, work),
    hidden: () => document.visibilityState === "hidden",
  };
}

/** 128 random bits as a name. */
function named() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** One tab at a time, where the browser can do that. */
function alone(name, work) {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}

function listening(target, event, work) {
  target.addEventListener(event, work);
  return () => target.removeEventListener(event, work);
}

function keeper() {
  const own = new Map();
  const tried = (work, instead) => {
    try {
      return work();
    } catch { // forbidden, or full
      return instead();
    }
  };
  return {
    get: (name) => own.get(name) ?? tried(() => localStorage.getItem(name), () => null),
    put: (name, text) => {
      own.delete(name);
      tried(() => localStorage.setItem(name, text), () => own.set(name, text));
    },
    drop: (name) => {
      own.delete(name);
      tried(() => localStorage.removeItem(name), () => null);
    },
  };
}
