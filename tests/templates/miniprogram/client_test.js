// AgentClient: whatever happens on the way, each message is run once and its answer is seen once.

import { equal, is } from "./asserted.js";
import { answered, shown, world } from "./kit_world.js";

Deno.test("an answer grows over a socket, by one run", async () => {
  const w = world();
  await w.clock.pass(500);
  w.client.send("你好");
  await w.clock.pass(3000);
  equal(shown(w), [answered("你好")]);
  equal(w.server.runs, ["你好 1"]);
  const texts = w.seen.filter(({ state }) => state === "writing").map(({ text }) => text);
  is(texts.length > 1 && texts.every((text, i) => i === 0 || text.startsWith(texts[i - 1])), "it does not grow");
});

for (const sockets of [true, false]) {
  Deno.test(`what was chosen is told by what it showed (sockets: ${sockets})`, async () => {
    const w = world({ sockets });
    await w.clock.pass(5000);
    w.client.send("menu", [], "菜单");
    w.client.send("你好");
    await w.clock.pass(20000);
    equal([w.server.runs, w.server.chosen], [["menu 1", "你好 1"], ["菜单", ""]]);
  });
}

for (const chunk of [1, 2, 3, 7, 1000]) {
  Deno.test(`without sockets it comes in chunks of ${chunk} bytes, wherever these cut a character`, async () => {
    const w = world({ sockets: false, chunk });
    await w.clock.pass(5000);
    w.client.send("🍵茶");
    await w.clock.pass(20000);
    equal(shown(w), [answered("🍵茶")]);
    is(w.seen.every(({ text = "" }) => !text.includes("�")), "half a character was shown");
    is(w.seen.some(({ state }) => state === "writing"), "it was not shown while it was written");
    equal(w.server.runs, ["🍵茶 1"]);
  });
}

Deno.test("a phone that reads no chunks gets the answer whole", async () => {
  const w = world({ sockets: false, chunked: false });
  await w.clock.pass(5000);
  w.client.send("你好");
  await w.clock.pass(20000);
  equal(shown(w), [answered("你好")]);
});

for (const sockets of [true, false]) {
  const way = sockets ? "a socket" : "requests";
  Deno.test(`the network is cut at every single step of a talk by ${way}: nothing is lost, nothing comes twice`, async () => {
    let steps = 0;
    for (let at = 1; at <= steps + 1 && at < 150; at++) {
      const w = world({ sockets, chunk: 40 });
      w.phone.onHappened = (number) => {
        steps = Math.max(steps, at === 1 ? number : 0, Math.min(number, 140));
        if (number !== at) return;
        w.phone.cut();
        w.clock.after(4000, () => (w.phone.heal(), w.client.reached()));
      };
      await w.clock.pass(sockets ? 300 : 4000);
      w.client.send("一");
      w.client.send("二");
      await w.clock.pass(90_000);
      equal(shown(w), [answered("一"), answered("二")], `cut at ${at}`);
      equal(w.server.runs, ["一 1", "二 1"], `cut at ${at}`);
      equal(w.client.outbox.entries, [], `cut at ${at}`);
    }
    is(steps > 15, "hardly anything happened");
  });

  Deno.test(`the app ends at any moment of a talk by ${way}, and goes on where it was`, async () => {
    for (let at = 0; at <= 2400; at += 120) {
      const w = world({ sockets });
      await w.clock.pass(4000);
      w.client.send("一");
      await w.clock.pass(at);
      w.client.away();
      w.client.tell = () => {};
      await w.clock.pass(10_000);
      w.begun();
      await w.clock.pass(60_000);
      equal(shown(w), [answered("一")], `ended after ${at} ms`);
      equal(w.server.runs, ["一 1"], `ended after ${at} ms`);
    }
  });
}

Deno.test("what is said without a network is sent when there is one, in its order, and was seen to wait", async () => {
  const w = world();
  await w.clock.pass(500);
  w.phone.cut();
  await w.clock.pass(100);
  ["一", "二", "三"].forEach((text) => w.client.send(text));
  await w.clock.pass(30_000);
  equal(w.client.transcript.all.map(({ state }) => state), ["waiting", "waiting", "waiting"]);
  is(w.seen.some(({ type, state }) => type === "line" && state === "offline"), "nobody was told");
  w.phone.heal();
  w.client.reached();
  await w.clock.pass(10_000);
  equal(shown(w), ["一", "二", "三"].map(answered));
  equal([...w.server.messages.values()].map(({ input }) => input), ["一", "二", "三"]);
});

Deno.test("in the background for ten seconds: the phone took the socket, the answer is there", async () => {
  const w = world();
  await w.clock.pass(500);
  w.client.send("一");
  await w.clock.pass(150);
  w.client.away();
  await w.clock.pass(10_000);
  equal(w.client.transcript.all[0].state === "answered", false);
  w.client.here();
  await w.clock.pass(2000);
  equal(shown(w), [answered("一")]);
});

Deno.test("a socket that is there and says nothing is left after a while", async () => {
  const w = world();
  await w.clock.pass(500);
  w.phone.isMute = true;
  w.client.send("一");
  await w.clock.pass(70_000);
  w.phone.isMute = false;
  await w.clock.pass(60_000);
  equal(shown(w), [answered("一")]);
});

Deno.test("what was refused for now is sent once more, what was refused for good is told", async () => {
  const w = world();
  let times = 0;
  w.server.refuses = ({ input }) => {
    if (input === "坏") return { code: "too_long", message: "太长" };
    return input === "忙" && ++times < 3 ? { code: "busy", message: "忙", again: 2 } : null;
  };
  await w.clock.pass(500);
  w.client.send("忙");
  w.client.send("坏");
  await w.clock.pass(30_000);
  equal(shown(w), [answered("忙"), "坏 | failed | "]);
  equal(w.client.transcript.all[1].failed, "太长");
  w.server.refuses = null;
  w.client.again(w.client.transcript.all[1].id);
  await w.clock.pass(10_000);
  equal(shown(w), [answered("忙"), answered("坏")]);
});

Deno.test("stopping ends the turn, and what was written stands", async () => {
  const w = world();
  await w.clock.pass(500);
  const id = w.client.send("长长长");
  await w.clock.pass(250);
  w.client.stop(id);
  await w.clock.pass(3000);
  const [one] = w.client.transcript.all;
  equal([one.state, one.text], ["stopped", "答「长长"]);
  w.client.history();
  await w.clock.pass(3000);
  const [kept] = w.client.transcript.all;
  equal([kept.number, kept.state, kept.text], [1, "stopped", "答「长长"]);
  equal(w.server.stopped, [id]);
});

Deno.test("one that nobody has yet is stopped without a word to anybody", async () => {
  const w = world();
  await w.clock.pass(500);
  w.phone.cut();
  const id = w.client.send("一");
  w.client.stop(id);
  w.phone.heal();
  w.client.reached();
  await w.clock.pass(30_000);
  equal([w.server.runs, w.client.transcript.all[0].state], [[], "stopped"]);
});

Deno.test("what comes unasked is shown once, also after a cut", async () => {
  const w = world();
  w.server.unasked = [{ type: "unasked", context_id: "", id: 7, reply: "该喝茶了", at: 1_800_000_000 }];
  await w.clock.pass(500);
  w.phone.cut();
  w.phone.heal();
  w.client.reached();
  await w.clock.pass(5000);
  equal(shown(w), ["· | answered | 该喝茶了"]);
  equal(w.client.store.get("after", 0), 7);
  const [known] = w.client.transcript.all;
  w.client.transcript.page(
    { messages: [{ ...known, reply: known.text, at: 1, isOpen: false }], more: false },
    true,
    [],
  );
  w.client.told({ type: "unasked", id: "", number: 7, reply: "该喝茶了", choices: [], at: 1 });
  equal(w.client.transcript.all.length, 1, "the history has it, too");
});

Deno.test("a full storage loses nothing while the app runs", async () => {
  const w = world({ quota: 100 });
  await w.clock.pass(500);
  w.client.send("长".repeat(2000));
  await w.clock.pass(9000);
  await Promise.all([w.client.history(), w.clock.pass(500)]);
  equal([w.server.runs.length, w.server.signIns], [1, 1]);
  equal(w.client.transcript.all.map(({ state }) => state), ["answered"]);
  equal(w.client.store.isFull, true);
});

Deno.test("the phone keeps a bounded part of a long talk", async () => {
  const w = world();
  await w.clock.pass(500);
  for (let i = 0; i < 40; i++) {
    w.client.send("长".repeat(15000));
    await w.clock.pass(1500);
  }
  const size = [...w.phone.storage.values()].reduce((sum, one) => sum + one.length, 0);
  is(size < 300_000, `${size} characters`);
});

Deno.test("nobody is signed in before the consent that is asked for", async () => {
  const w = world();
  w.server.about = { ...w.server.about, consent: "同意吗？" };
  w.phone.storage.clear();
  w.client.away();
  w.server.signIns = 0;
  w.begun();
  w.client.send("你好");
  await w.clock.pass(5000);
  equal([w.client.asksConsent, w.server.signIns, w.server.runs], [true, 0, []]);
  w.client.agree();
  await w.clock.pass(5000);
  equal([w.client.asksConsent, shown(w)], [false, [answered("你好")]]);
});

Deno.test("a link to the history: newest first, older ones by pages, pending ones are joined", async () => {
  const w = world();
  for (let i = 1; i <= 70; i++) w.server.run(`old-${i}`, { input: `旧${i}` });
  await w.clock.pass(60_000);
  w.client.away();
  w.client.here();
  await w.clock.pass(1000);
  equal(w.client.transcript.all.map(({ input }) => input).slice(-2), ["旧69", "旧70"]);
  await Promise.all([w.client.history(false), w.clock.pass(500)]);
  await Promise.all([w.client.history(false), w.clock.pass(500)]);
  equal(w.client.transcript.all.map(({ input }) => input), Array.from({ length: 70 }, (_, i) => `旧${i + 1}`));
  equal(w.client.transcript.more, false);
  equal(w.server.messages.size, 70);
});
