// What was typed for a channel and is not published yet: there again after another channel, a reload, another language.
// The browser writes no secret down: those stay in this page's memory, and leaving it asks first.

import { useState } from "preact";

const PREFIX = "hongyan:typed:";

const here = new Map(); // by key, with the secrets
const kept = new Set(); // of these, which hold a secret

/** Under which something is kept: of that channel's publication, or of one that is still to come. */
export const keyOf = (agent, channel, publication = undefined) => [agent, channel, publication?.id ?? ""].join(" ");

/** What was typed, by field. */
export function typedIn(key) {
  if (here.has(key)) return here.get(key);
  try {
    const found = JSON.parse(sessionStorage.getItem(PREFIX + key) ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    return {};
  }
}

/** `values`: of the form; `stored`: what is published already; `secrets`: names of fields that are not written down. */
export function keepTyped(key, values, stored, secrets) {
  const changed = Object.entries(values).filter(([name, value]) => value !== stored[name]);
  here.set(key, Object.fromEntries(changed));
  const open = changed.filter(([name]) => !secrets.includes(name));
  const holds = changed.some(([name, value]) => secrets.includes(name) && value);
  if (holds) kept.add(key);
  else kept.delete(key);
  write(key, open.length ? JSON.stringify(Object.fromEntries(open)) : "");
}

/** It is published now. */
export function forgetTyped(key) {
  here.delete(key);
  kept.delete(key);
  write(key, "");
}

/** Whether something would be lost with this page. */
export const holdsSecret = () => kept.size > 0;

function write(key, text) {
  try {
    if (text) sessionStorage.setItem(PREFIX + key, text);
    else sessionStorage.removeItem(PREFIX + key);
  } catch {
    // no store: it stays in memory
  }
}

addEventListener("beforeunload", (event) => holdsSecret() && event.preventDefault());

/** What stands in a form: [values, change(values), forget()]. On top of what is stored is what was typed here before. */
export function useTyped(key, stored, secrets = []) {
  const [values, setValues] = useState(() => ({ ...stored, ...typedIn(key) }));
  const change = (values) => (setValues(values), keepTyped(key, values, stored, secrets));
  return [values, change, () => forgetTyped(key)];
}

/** The same of the settings of that channel's publication. */
export const useTypedSettings = ({ agent, channel, publication }) =>
  useTyped(keyOf(agent, channel.name, publication), publication?.settings ?? {}, channel.secrets);
