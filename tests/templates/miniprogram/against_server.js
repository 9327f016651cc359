// The kit's client with a server that there is: what was asked on standard input, what came on standard output.

import { createRequire } from "node:module";
import { realWx } from "./real_wx.js";

const { AgentClient } = createRequire(new URL("../../../templates/miniprogram/", import.meta.url))("./lib/client.js");
const asked = JSON.parse(await new Response(Deno.stdin.readable).text());

/** Tries come fifty times as soon, that nobody has to wait for a test; what ends a wait never comes. */
const hurried = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds / 50);
    return () => clearTimeout(timer);
  },
};
const patient = { now: () => Date.now(), after: () => () => {} };

const wx = realWx(asked);
const client = new AgentClient({ wx, config: asked, clock: asked.sockets ? patient : hurried });

/** The next event that is so. */
const when = (is) =>
  new Promise((resolve) => {
    const end = client.on((event) => is(event) && (end(), resolve(event)));
  });

client.here();
await when(({ type }) => type === "all");
const told = { opening: client.about.opening, answers: [], grew: 0 };
client.on(({ one }) => told.grew += one && one.state === "writing" ? 1 : 0);
for (const input of asked.inputs) {
  const done = when(({ one }) => one && ["answered", "failed"].includes(one.state));
  const id = client.send(input);
  const { one } = await done;
  told.answers.push([one.input, one.state, one.text]);
  await client.feedback(id, "good", "好");
}
if (asked.file) {
  const file = await client.upload("茶.png", Uint8Array.from(asked.file).buffer);
  told.file = [file.kind, file.name, file.size, await client.download(file.id)];
}
await client.history();
told.history = client.transcript.all.map(({ input, text, verdict }) => [input, text, verdict]);
client.away();
await client.leave();
await client.session.token().then(() => told.again = true, (error) => told.again = error.code);
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(told)));
Deno.exit(0);
