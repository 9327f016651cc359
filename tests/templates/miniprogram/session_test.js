// Who is here: tokens that end at any time, answers that are lost on the way, and servers that answer rubbish.

import { equal, is } from "./asserted.js";
import { answered, shown, world } from "./kit_world.js";

const RUBBISH = [
  { status: 200, data: "" },
  { status: 200, data: "<html>nginx</html>" },
  { status: 200, data: "[1,2]" },
  { status: 200, data: "null" },
  { status: 200, data: '{"token": 7, "refresh": [], "expires_in": "x"}' },
  { status: 200, data: '{"messages": {}, "takes": "all", "suggestions": [[], {}], "collects": 9, "name": {}}' },
  { status: 500, data: "oops" },
  { status: 502, data: "<h1>Bad Gateway</h1>" },
];

for (const [number, said] of RUBBISH.entries()) {
  Deno.test(`a server that answers rubbish for a while, ${number}: ${said.status} ${said.data.slice(0, 20)}`, async () => {
    for (const sockets of [true, false]) {
      const w = world({ sockets });
      w.server.fault = () => said;
      w.client.send("一");
      await w.clock.pass(20_000);
      w.server.fault = null;
      w.client.reached();
      await w.clock.pass(60_000);
      equal(shown(w), [answered("一")]);
      equal(w.server.runs, ["一 1"]);
    }
  });
}

Deno.test("a token is renewed before it ends, by one request however many wait for it", async () => {
  const w = world({ sockets: false });
  await w.clock.pass(5000);
  await w.clock.pass(880_000);
  const before = w.server.refreshes;
  await Promise.all([Promise.all([1, 2, 3].map(() => w.client.history())), w.clock.pass(2000)]);
  equal([w.server.refreshes - before <= 1, w.server.signIns], [true, 1]);
});

for (const sockets of [true, false]) {
  Deno.test(`a session of a few seconds goes on by refreshing, sockets: ${sockets}`, async () => {
    const w = world({ sockets });
    w.client.away();
    w.server.seconds = 35;
    w.server.tokens.clear();
    w.client.here();
    for (let i = 0; i < 6; i++) {
      w.client.send(`第${i}`);
      await w.clock.pass(25_000);
    }
    equal(shown(w), Array.from({ length: 6 }, (_, i) => answered(`第${i}`)));
    is(w.server.refreshes > 1, "it was never refreshed");
  });
}

Deno.test("the server forgot the session: a new one by wx.login, and nothing that was said is lost", async () => {
  for (const sockets of [true, false]) {
    const w = world({ sockets });
    await w.clock.pass(5000);
    w.server.tokens.forEach(({ family }) => family.over = true);
    w.phone.cut();
    w.phone.heal();
    w.client.reached();
    w.client.send("一");
    await w.clock.pass(40_000);
    equal([shown(w), w.server.signIns], [[answered("一")], 2]);
  }
});

Deno.test("a refresh whose answer was lost is asked for with the same attempt: nobody is signed out", async () => {
  const w = world({ sockets: false });
  await w.clock.pass(840_000);
  let lost = 0;
  w.server.fault = (path) => {
    if (path !== "/agent/session/refresh" || lost++) return null;
    w.clock.after(1, () => w.phone.cut());
    w.clock.after(3000, () => w.phone.heal());
    return null;
  };
  await w.clock.pass(60_000);
  w.client.send("一");
  await w.clock.pass(40_000);
  equal([shown(w), w.server.signIns], [[answered("一")], 1]);
  is(lost > 1, "the refresh was asked for once");
});

Deno.test("a refresh that was lost, and the app ended: the kept attempt gets the same pair", async () => {
  const w = world();
  await w.clock.pass(890_000);
  const kept = w.client.session.kept();
  w.client.away();
  w.server.refresh({ refresh: kept.refresh, attempt: "kept-attempt" });
  w.client.store.put("session", { ...kept, token: "", attempt: "kept-attempt" });
  w.begun();
  w.client.send("一");
  await w.clock.pass(5000);
  equal([shown(w), w.server.signIns], [[answered("一")], 1]);
});

Deno.test("who cannot be signed in is told why", async () => {
  const w = world();
  w.server.fault = (path) =>
    path === "/agent/session"
      ? { status: 403, data: '{"error": {"code": "closed", "message": "这里暂停服务"}}' }
      : null;
  w.phone.storage.delete("hy.p1.session");
  w.client.away();
  w.begun();
  await w.clock.pass(3000);
  const refused = w.seen.find(({ type }) => type === "refused");
  equal(refused && refused.error.message, "这里暂停服务");
});

Deno.test("leaving ends the session, and nothing stays on the phone that says who it was", async () => {
  const w = world();
  await w.clock.pass(500);
  w.client.send("秘密");
  await w.clock.pass(5000);
  await Promise.all([w.client.leave(), w.clock.pass(1000)]);
  is(![...w.phone.storage.values()].some((one) => /秘密|token|hyr-/.test(one)), "it stays");
  equal(shown(w), []);
});

Deno.test("a file goes up as its bytes, with a message that is words, files, or both", async () => {
  const w = world();
  await w.clock.pass(500);
  const up = w.client.upload("茶.jpg", new Uint8Array([1, 2, 3]).buffer);
  await w.clock.pass(500);
  const file = await up;
  equal([file.id.slice(-2), file.kind, file.name, file.size], [".1", "image", "茶.jpg", 3]);
  w.client.send("", [file]);
  await w.clock.pass(3000);
  equal([...w.server.messages.values()].map(({ input, files }) => [input, files.map((one) => one.slice(-2))]), [["", [
    ".1",
  ]]]);
  equal(w.client.send("   "), "");
});

Deno.test("a verdict is kept, and changed", async () => {
  const w = world();
  await w.clock.pass(500);
  const id = w.client.send("一");
  await w.clock.pass(3000);
  await Promise.all([w.client.feedback(id, "bad", "长".repeat(900)), w.clock.pass(500)]);
  equal([w.server.judged[0].verdict, w.server.judged[0].reason.length], ["bad", 500]);
  equal(w.client.transcript.all[0].verdict, "bad");
});

Deno.test("a limit that lasts long and a failure that is final are told at once, a full minute is waited for", async () => {
  const cases = [
    [{ "Retry-After": "36000" }, 429, "failed"],
    [{ "X-Should-Retry": "false" }, 502, "failed"],
    [{ "Retry-After": "5" }, 503, "answered"],
  ];
  for (const [header, status, state] of cases) {
    const w = world({ sockets: false });
    await w.clock.pass(5000);
    let times = 0;
    w.server.fault = (path) =>
      path === "/agent/chat" && ++times < 2
        ? { status, header, data: '{"error": {"code": "limit", "message": "明天再来"}}' }
        : null;
    w.client.send("一");
    await w.clock.pass(20_000);
    equal(w.client.transcript.all.map((one) => [one.state, one.failed])[0], [
      state,
      state === "failed" ? "明天再来" : "",
    ]);
  }
});

Deno.test("a code of wx.login that does not count is replaced by another, once", async () => {
  const w = world();
  let times = 0;
  w.server.fault = (path) =>
    path === "/agent/session" && ++times === 1 ? { status: 403, data: '{"error": {"code": "proof"}}' } : null;
  w.client.send("一");
  await w.clock.pass(5000);
  equal([shown(w), times, w.seen.some(({ type }) => type === "refused")], [[answered("一")], 2, false]);
});

Deno.test("a token that ended although the phone's clock says otherwise is refreshed, and the request made again", async () => {
  const w = world();
  await w.clock.pass(500);
  w.server.tokens.forEach((one) => one.ends = 0);
  const [page] = await Promise.all([w.client.calls.history(0), w.clock.pass(500)]);
  equal([page.messages.length, w.server.signIns, w.server.refreshes], [0, 1, 1]);
});

Deno.test("a stream that ends before its answer is asked for again", async () => {
  const w = world({ sockets: false });
  await w.clock.pass(5000);
  let times = 0;
  w.server.fault = (path) => (path === "/agent/chat" && ++times < 3 ? { status: 200, data: "" } : null);
  w.client.send("一");
  await w.clock.pass(20_000);
  equal([shown(w), times], [[answered("一")], 3]);
});
