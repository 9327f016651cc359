// The kit's own JavaScript, on a phone, a server and a clock that are played.

import { createRequire } from "node:module";
import { Clock } from "./clock.js";
import { PlayedPhone } from "./played_phone.js";
import { PlayedServer } from "./played_server.js";

export const KIT = new URL("../../../templates/miniprogram/", import.meta.url);
export const required = createRequire(KIT);
const { AgentClient } = required("./lib/client.js");

export function world(how = {}) {
  const clock = new Clock();
  const server = new PlayedServer(clock);
  const phone = new PlayedPhone(clock, server, how);
  const made = { clock, server, phone, seen: [] };
  /** The app begins, as it does again after its end. */
  made.begun = () => {
    const config = { server: "https://bot.example.com", publication: "p1" };
    made.client = new AgentClient({ wx: phone.wx, config, clock });
    made.client.on((event) => made.seen.push(event.one ? { type: event.type, ...event.one } : event));
    made.client.here();
    return made.client;
  };
  made.begun();
  return made;
}

/** What a person sees: what was said, how it stands, and what was answered. */
export const shown = ({ client }) =>
  client.transcript.all.map(({ input, state, text }) => `${input || "·"} | ${state} | ${text}`);

export const answered = (input) => `${input} | answered | 答「${input}」🍵好`;
