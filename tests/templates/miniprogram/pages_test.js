// The pages, as Tencent's simulator runs them: what a person sees, and what comes of their taps.

import { equal, is } from "./asserted.js";
import { staged } from "./stage.js";

const LABEL = "内容由 AI 生成";
const HOSTILE = '<img src=x onerror="alert(1)">\n<script>alert(1)</script>\n[点我](javascript:alert(1)) {{1+1}} **好**';

/** Asked and answered. */
async function talked(text, more = {}) {
  const s = await staged(more);
  if (more.reply) {
    const run = s.server.run.bind(s.server);
    s.server.run = (id, said) => Object.assign(run(id, said), { reply: more.reply });
  }
  await s.write(text);
  await s.tap("go");
  await s.clock.pass(3000);
  return s;
}

Deno.test("a question and its answer, by typing and one tap; two taps send once", async () => {
  const s = await staged({ about: { label: LABEL } });
  await s.write("几点开门？");
  s.touch("go");
  s.touch("go");
  await s.clock.pass(350);
  is(s.all("bubble").length === 2 && !s.words.includes("🍵好"), "it does not grow");
  await s.clock.pass(3000);
  equal(s.server.runs, ["几点开门？ 1"]);
  is(s.words.includes("答「几点开门？」🍵好") && s.words.includes(LABEL), s.words);
  equal(s.told("title").pop(), { title: "一叶茶铺" });
});

Deno.test("an answer is text, whatever is in it", async () => {
  const s = await talked("坏", { reply: HOSTILE });
  equal([...s.component.dom.querySelectorAll("img, script, iframe, a")].length, 0);
  is(s.words.includes('<img src=x onerror="alert(1)">') && s.words.includes("{{1+1}}"), s.words);
  equal([s.all("link").length, s.all("bold").length], [0, 1]);
});

Deno.test("a link is shown and copied, and opens nothing", async () => {
  const s = await talked("链接", { reply: "见 [菜单](https://tea.example/menu)。\n\n```sh\nls\n```" });
  await s.tap("link");
  equal([s.told("modal")[0].content, s.told("copy")], ["https://tea.example/menu", [s.told("copy")[0]]]);
  equal(s.told("copy")[0].data, "https://tea.example/menu");
  await s.tap("code-copy");
  equal(s.told("copy")[1].data, "ls");
});

Deno.test("what is bad has a reason, and another tap takes the verdict back", async () => {
  const s = await talked("一");
  await s.tap("act", 2);
  equal(s.server.judged.map(({ verdict }) => verdict), ["bad"]);
  await s.tap("choice", 1);
  await s.write("写错了", "own-words");
  await s.tap("primary");
  equal(s.server.judged[1].reason, "没有回答问题；写错了");
  equal(s.all("sheet").length, 0);
  await s.tap("act", 2);
  equal(s.server.judged[2].verdict, "none");
});

Deno.test("an answer is reported with what is wrong with it", async () => {
  const s = await talked("一");
  await s.tap("act", 3);
  await s.tap("choice", 0);
  await s.tap("primary");
  equal([s.server.judged[0].verdict, s.server.judged[0].reason], ["bad", "举报：违法违规"]);
});

Deno.test("suggestions are there until something was said, and two taps ask once", async () => {
  const s = await staged({ about: { suggestions: ["营业时间", "外卖"], opening: "欢迎 **光临**" } });
  is(s.words.includes("欢迎 光临"), s.words);
  const [choice] = s.all("choice");
  s.touch(choice);
  s.touch(choice);
  await s.clock.pass(3000);
  equal([s.server.runs, s.all("choice").length], [["营业时间 1"], 0]);
});

Deno.test("what failed says why, and is asked anew by a tap", async () => {
  const s = await staged();
  s.server.refuses = () => ({ code: "limit", message: "今天的次数用完了" });
  await s.write("一");
  await s.tap("go");
  await s.clock.pass(1000);
  is(s.words.includes("没有得到回答：今天的次数用完了"), s.words);
  s.server.refuses = null;
  await s.tap("act");
  await s.clock.pass(3000);
  equal([s.server.runs, s.all("note").length], [["一 1"], 0]);
});

Deno.test("an answer that is being written can be stopped", async () => {
  const s = await staged();
  await s.write("长长长");
  await s.tap("go");
  await s.clock.pass(150);
  await s.tap("go");
  await s.clock.pass(3000);
  equal(s.server.stopped.length, 1);
  is(s.words.includes("已停止"), s.words);
});

Deno.test("a picture goes with the words, one that is too large or of another kind does not", async () => {
  const s = await staged({ about: { takes: { image: 1000, file: 10 } } });
  s.answers.media = [
    { tempFilePath: "tmp/茶.jpg", size: 500, fileType: "image" },
    { tempFilePath: "tmp/大.jpg", size: 5000, fileType: "image" },
    { tempFilePath: "tmp/a.mp4", size: 5, fileType: "video" },
  ];
  await s.tap("tool");
  equal(s.told("toast").map(({ title }) => title), ["「大.jpg」太大，最大 1 kB", "这里不收这种文件"]);
  await s.write("这是什么");
  await s.tap("go");
  await s.clock.pass(3000);
  equal([...s.server.messages.values()].map(({ input, files }) => [input, files.map((one) => one.slice(-2))]), [[
    "这是什么",
    [".1"],
  ]]);
  await s.tap("file");
  equal(s.told("preview"), [{ urls: ["tmp/a"] }]);
});

Deno.test("a file that could not be uploaded is told, and the words are still there", async () => {
  const s = await staged({ about: { takes: { file: 9000 } } });
  s.answers.files = [{ path: "tmp/a.pdf", name: "a.pdf", size: 5 }];
  s.server.fault = (path) => (path.startsWith("/agent/files") ? { status: 413, data: "" } : null);
  await s.write("看看");
  await s.tap("tool");
  equal([s.told("toast")[0].title, s.all("remove").length], ["「a.pdf」没有传上去，请再试", 0]);
  await s.tap("go");
  await s.clock.pass(3000);
  equal(s.server.runs, ["看看 1"]);
});

Deno.test("voice is recorded by one tap, and sent by another", async () => {
  const s = await staged({ about: { takes: { voice: 9000 } } });
  await s.tap("tool");
  is(s.words.includes("正在录音"), s.words);
  await s.tap("tool");
  await s.clock.pass(3000);
  equal([...s.server.messages.values()].map(({ input, files }) => [input, files.map((one) => one.slice(-2))]), [["", [
    ".1",
  ]]]);
});

Deno.test("WeChat's question about privacy is shown, and answered as it was answered", async () => {
  const s = await staged();
  const said = [];
  s.answers.privacy((answer) => said.push(answer));
  await s.clock.pass(10);
  await s.tap("policy", s.all("policy").length - 1);
  equal(s.told("openPrivacyContract").length, 1);
  s.touch("primary", { event: "agreeprivacyauthorization" });
  s.answers.privacy((answer) => said.push(answer));
  await s.clock.pass(10);
  await s.tap("quiet");
  equal(said.map(({ event }) => event), ["agree", "disagree"]);
  equal(s.all("sheet").length, 0);
});

Deno.test("consent comes first: nobody is signed in before", async () => {
  const s = await staged({ about: { consent: "会保留你说的话 30 天。" } });
  equal([s.server.signIns, s.words.includes("会保留你说的话 30 天。")], [0, true]);
  await s.tap("primary");
  await s.clock.pass(500);
  equal([s.server.signIns, s.all("sheet").length], [1, 0]);
});

Deno.test("without a network it says so, and goes on", async () => {
  const s = await staged();
  s.phone.cut();
  await s.clock.pass(500);
  equal(s.all("line")[0].textContent, "没有网络，恢复后自动继续");
  await s.write("一");
  await s.tap("go");
  is(s.words.includes("等网络好了就发送"), s.words);
  s.phone.heal();
  s.answers.network({ isConnected: true });
  await s.clock.pass(3000);
  equal([s.all("line").length, s.server.runs], [0, ["一 1"]]);
});

Deno.test("older messages come when they are asked for", async () => {
  const s = await staged();
  for (let i = 1; i <= 40; i++) s.server.run(`old-${i}`, { input: `旧${i}` });
  await s.clock.pass(9000);
  s.app.onHide();
  s.app.onShow();
  await s.clock.pass(500);
  equal(s.all("mine").length, 30);
  await s.tap("older");
  await s.clock.pass(500);
  equal([s.all("mine").length, s.all("older").length], [40, 0]);
});

Deno.test("in another language it is English", async () => {
  const s = await talked("hi", { language: "fr" });
  is(s.words.includes("About and privacy") && !/[关复举]/.test(s.words), s.words);
});

Deno.test("a name of ten thousand letters, tags and emoji is a name", async () => {
  const name = '</view>"🍵{{x}}<script>'.repeat(500);
  const s = await staged({ about: { name, color: "#ffff00", about: "“" } });
  equal(s.all("name")[0].textContent, name.slice(0, 100));
  is(s.html.includes("--on-accent:#000000"), "it cannot be read");
});

Deno.test("what is collected is said as the server says it, and leaving clears the phone", async () => {
  const collects = [{ what: "消息", why: "用来回答", days: 30 }, { what: "评价", why: "改进", days: null }];
  const s = await staged({ page: "pages/about/about", about: { collects, label: LABEL } });
  s.app.client.store.put("about", { ...s.app.client.about });
  const again = await staged({ page: "pages/about/about", about: { collects, label: LABEL } });
  is(again.words.includes("会收集什么"), again.words);
  await again.tap("quiet", 1);
  await again.clock.pass(500);
  equal(again.told("reLaunch"), [{ url: "/pages/chat/chat" }]);
  is(![...again.phone.storage.values()].some((one) => /token|hyr-/.test(one)), "it stays");
});

Deno.test("where the owner has a template of messages, a person agrees to one by a tap", async () => {
  const without = await staged({ page: "pages/about/about" });
  is(!without.words.includes("通知我"), without.words);
  const s = await staged({ page: "pages/about/about", template: "T1" });
  await s.tap("quiet");
  equal(s.told("subscribe").map(({ tmplIds }) => tmplIds), [["T1"]]);
  equal(s.told("toast").map(({ title }) => title), ["好，有消息会通知你一次"]);
});
