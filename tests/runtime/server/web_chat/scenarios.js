// What the client does, scene by scene; each prints what came of it.

import { Client } from "CLIENT/client.js";
import { events } from "CLIENT/event_stream.js";
import { Browser, problem, Server } from "TESTS/runtime/server/web_chat/played.js";

const BASE = "https://agent.example/";
const begun = () => {
  const server = new Server();
  const browser = new Browser(server);
  const client = (visitor = "") => new Client(browser.tab(), BASE, "P", visitor);
  return { server, browser, client };
};
const last = (server) => server.sockets[server.sockets.length - 1];
const seen = ({ messages }) => messages.map(({ input, reply, state }) => [input, reply, state]);

const SCENES = {
  async "nothing is kept or asked before the first message"() {
    const { server, browser, client } = begun();
    const one = client();
    await one.begin();
    const before = [browser.kept.size, server.asked.map(([path]) => path), server.sockets.length];
    one.send("hi");
    await browser.pass(0);
    return [...before, server.paths("session").length, last(server).protocols];
  },

  async "a page of a site that may not come tells its developer why, and its visitors no more than they need"() {
    const { server, browser, client } = begun();
    server.stranger = true;
    const wrong = await client().begin().then(() => null, ({ code, message }) => [code, message]);
    return [wrong, browser.warned];
  },

  async "an answer grows and is whole"() {
    const { server, browser, client } = begun();
    const one = client();
    await one.begin();
    const id = one.send("hi");
    await browser.pass(0);
    await last(server).tells({ type: "accepted", id }, { type: "rewritten", id, text: "He" }, {
      type: "written",
      id,
      text: "y",
    });
    const growing = seen(one);
    await last(server).tells({ type: "answered", id, reply: "Hey", choices: [{ text: "a", value: "b" }] });
    return [growing, seen(one), one.outbox.all().length, one.messages[0].choices];
  },

  async "what was chosen is told by what it showed, also after a cut and a page that is loaded anew"() {
    const { server, browser, client } = begun();
    const one = client();
    await one.begin();
    one.send("b", [], "a");
    one.send("typed");
    await browser.pass(0);
    const first = last(server).sent().map(({ input, choice }) => [input, choice ?? null]);
    one.rest();
    await client().begin();
    await browser.pass(3);
    const anew = last(server).sent().filter(({ type }) => type === "send");
    return [first, anew.map(({ input, choice }) => [input, choice ?? null])];
  },

  async "after a cut the same message is sent under its id, and nothing is shown twice"() {
    const { server, browser, client } = begun();
    const one = client();
    await one.begin();
    const id = one.send("hi");
    await browser.pass(0);
    await last(server).tells({ type: "rewritten", id, text: "Hal" });
    last(server).close(1006);
    await browser.pass(3);
    const again = last(server).sent().map((frame) => frame.id === id);
    await last(server).tells({ type: "rewritten", id, text: "Hallo" }, { type: "answered", id, reply: "Hallo!" });
    return [server.sockets.length, again, seen(one)];
  },

  async "a page that is loaded anew goes on with what had no answer"() {
    const { server, browser, client } = begun();
    const one = client();
    await one.begin();
    const first = one.send("one");
    const second = one.send("two");
    await browser.pass(0);
    one.rest();
    const reply = { number: 1, id: first, at: 1_700_000_000, input: "one", reply: "1", failed: null };
    server.history = [reply, { ...reply, number: 2, id: second, input: "two", reply: null }];
    const other = client();
    await other.begin();
    await browser.pass(0);
    return [
      seen(other),
      last(server).sent().map(({ input, id }) => [input, id === second]),
      server.paths("session").length,
    ];
  },

  async "two tabs renew at the same moment and both go on"() {
    const { server, browser, client } = begun();
    const one = client();
    await one.session.token();
    const other = client();
    await browser.pass(890);
    const tokens = await Promise.all([one.session.token(), other.session.token()]);
    const kept = browser.named; // a name for each attempt that was kept: the second answer changes nothing
    const attempts = new Set(server.paths("session/refresh").map(([, { attempt }]) => attempt));
    await browser.pass(890);
    return [tokens, kept, attempts.size, await one.session.token(), server.paths("session").length];
  },

  async "a token that is over is renewed and the message goes through"() {
    const { server, browser, client } = begun();
    const one = client();
    await one.begin();
    const id = one.send("hi");
    await browser.pass(0);
    await last(server).tells({ type: "failed", code: "token_expired", message: "" });
    last(server).close(4401);
    await browser.pass(1);
    const { protocols } = last(server);
    await last(server).tells({ type: "answered", id, reply: "yes" });
    return [protocols[1], seen(one)];
  },

  async "a session that is over begins anew"() {
    const { server, browser, client } = begun();
    const one = client();
    await one.session.token();
    server.pair = null; // taken back
    await browser.pass(1000);
    return [await one.session.token(), server.paths("session").length];
  },

  async "where no WebSocket gets through each message is a request, and a cut one is asked again"() {
    const { server, browser, client } = begun();
    server.lets = false;
    const parts = [
      ['event: text_delta\ndata: {"text":"He"}\n\n'],
      [': still here\n\nevent: text_delta\ndata: {"text":"Hey"}\n\n', 'event: done\ndata: {"reply":"Hey!"}\n\n'],
    ];
    server.chat = () => new Response(new Blob(parts.shift()).stream());
    const one = client();
    await one.begin();
    const id = one.send("hi");
    await browser.pass(20);
    const keys = server.paths("chat").map(([, , headers]) => headers["idempotency-key"] === id);
    return [server.sockets.length, keys, seen(one), one.outbox.all().length];
  },

  async "what the server puts off is sent again, and what it refuses is told"() {
    const { server, browser, client } = begun();
    const one = client();
    await one.begin();
    const id = one.send("hi");
    await browser.pass(0);
    await last(server).tells({ type: "failed", id, code: "rate", message: "later", again: 5 });
    const waiting = seen(one);
    await browser.pass(5);
    const times = last(server).sent().length;
    await last(server).tells({ type: "failed", id, code: "safety", message: "no" });
    const failed = one.messages[0].failure;
    one.again(one.messages[0]);
    return [waiting, times, failed, seen(one), one.messages[0].id === id];
  },

  async "a request that is refused for good is told at once"() {
    const { server, browser, client } = begun();
    server.lets = false;
    server.chat = () => problem(413, "too_large");
    const one = client();
    await one.begin();
    one.send("hi");
    await browser.pass(20);
    return [server.paths("chat").length, seen(one), one.messages[0].failure];
  },

  async "offline, what is written is kept and sent when the line is back"() {
    const { server, browser, client } = begun();
    const one = client();
    await one.begin();
    await one.session.token();
    server.online = false;
    one.send("hi");
    await browser.pass(30);
    const off = [seen(one), browser.kept.has("hongyan.P.out")];
    server.online = true;
    browser.tabs.forEach((tab) => tab.tell("online"));
    await browser.pass(31);
    return [...off, last(server).sent().length];
  },

  async "another tab sees what is said, and its answer"() {
    const { server, browser, client } = begun();
    const one = client();
    await one.begin();
    await one.session.token();
    const other = client();
    await other.begin();
    const id = one.send("hi");
    await browser.pass(0);
    const there = seen(other);
    server.history = [{ number: 1, id, at: 1_700_000_000, input: "hi", reply: "Hey", failed: null }];
    await server.sockets.find((line) => line.sent().length).tells({ type: "answered", id, reply: "Hey" });
    return [there, seen(other), server.sockets.flatMap((line) => line.sent()).length];
  },

  async "what another device asks is shown, and its answer as soon as there is one"() {
    const { server, browser, client } = begun();
    const one = client();
    await one.session.token();
    const asked = { number: 3, id: "far", at: 1_700_000_000, input: "hi", reply: "", failed: null, open: true };
    server.history = [asked];
    await one.begin();
    const before = seen(one);
    server.history = [{ ...asked, reply: "Hey", open: false }];
    await browser.pass(6);
    const looks = server.paths("history").length;
    await browser.pass(60);
    return [before, seen(one), server.paths("history").length === looks];
  },

  async "whoever is signed in at the site is never shown another's words"() {
    const { server, browser, client } = begun();
    const jwt = (sub) => `x.${btoa(JSON.stringify({ sub }))}.y`;
    const one = client(jwt("ann"));
    await one.session.token();
    const same = client(jwt("ann")).session.known;
    const other = client(jwt("bob")).session.known;
    await browser.pass(0);
    return [same, other, server.paths("session/end").length, browser.kept.size];
  },

  async "leaving takes all of it away"() {
    const { server, browser, client } = begun();
    const one = client();
    await one.begin();
    one.send("hi");
    await browser.pass(0);
    await one.end();
    return [[...browser.kept.keys()], server.paths("session/end").length, one.messages.length];
  },

  async "a line on which nobody is any more is noticed"() {
    const { server, browser, client } = begun();
    const one = client();
    await one.begin();
    one.send("hi");
    await browser.pass(24);
    const before = server.sockets.length;
    await browser.pass(20);
    return [before, server.sockets.length, last(server).sent().length];
  },

  async "what comes unasked is shown once"() {
    const { server, browser, client } = begun();
    const one = client();
    await one.begin();
    const id = one.send("hi");
    await browser.pass(0);
    const frame = { type: "unasked", id: 7, reply: "Reminder", at: 1_700_000_100 };
    await last(server).tells({ type: "answered", id, reply: "ok" }, frame, frame);
    last(server).close(1012);
    await browser.pass(3);
    return [seen(one), last(server).sent("follow")[0].after];
  },

  async "events are read at any border of bytes"() {
    const text = 'event: a\r\ndata: {"x":"鸿雁"}\r\n\r\n: ping\n\ndata: 1\ndata: 2\n\n';
    const bytes = new TextEncoder().encode(text);
    const wrong = [];
    for (let size = 1; size <= bytes.length; size++) {
      const stream = new ReadableStream({
        start(controller) {
          for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
          controller.close();
        },
      });
      const found = [];
      for await (const { event, data } of events(stream)) found.push([event, data]);
      if (JSON.stringify(found) !== JSON.stringify([["a", '{"x":"鸿雁"}'], ["message", "1\n2"]])) wrong.push(size);
    }
    return wrong;
  },
};

const told = {};
for (const [name, scene] of Object.entries(SCENES)) {
  try {
    told[name] = await scene();
  } catch (e) {
    told[name] = String(e.stack);
  }
}
// deno-lint-ignore no-console
console.log(JSON.stringify(told));
