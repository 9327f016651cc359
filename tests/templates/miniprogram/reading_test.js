// What the kit reads by itself: bytes as text, streams of events, Markdown.

import { equal, is } from "./asserted.js";
import { required } from "./kit_world.js";

const { Utf8 } = required("./lib/utf8.js");
const { Events } = required("./lib/events.js");
const { blocks } = required("./lib/markdown.js");
const { lightness, palette } = required("./lib/colors.js");
const texts = required("./lib/texts.js");

const TEXT = "a é 茶 🍵 👨‍👩‍👧 \u{10ffff} 終";
const text = (list) => list.map((one) => one.text).join("");

Deno.test("characters cut at any two places are whole", () => {
  const bytes = new TextEncoder().encode(TEXT);
  for (let i = 0; i <= bytes.length; i++) {
    for (let j = i; j <= bytes.length; j++) {
      const reader = new Utf8();
      const said = [bytes.slice(0, i), bytes.slice(i, j), bytes.slice(j)].map((one) => reader.push(one.buffer));
      equal(said.join("") + reader.end(), TEXT);
    }
  }
});

Deno.test("bytes that are no text are read as a browser reads them", () => {
  let state = 7;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  const likely = [0x41, 0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xe4, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0x9f, 0xa0, 0x8f, 0x90, 0xff];
  for (let round = 0; round < 3000; round++) {
    const bytes = Uint8Array.from({ length: 12 }, () => likely[Math.floor(random() * likely.length)]);
    const reader = new Utf8();
    const said = [...bytes].map((byte) => reader.push(new Uint8Array([byte]).buffer)).join("") + reader.end();
    equal(said, new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  }
});

Deno.test("events are read wherever their text is cut, by any end of a line", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const whole = [": hi", "", "event: done", 'data: {"a":', "data: 1}", "", "data: x", "", ""].join(end);
    for (let cut = 0; cut <= whole.length; cut++) {
      const reader = new Events();
      const found = [...reader.push(whole.slice(0, cut)), ...reader.push(whole.slice(cut)), ...reader.push("\n")];
      equal(found, [{ name: "done", data: '{"a":\n1}' }, { name: "message", data: "x" }], `${end} at ${cut}`);
    }
  }
});

Deno.test("Markdown as blocks of text", () => {
  const found = blocks([
    "# 标题 #",
    "",
    "一段**粗**与*斜*、~~删~~、`code`。",
    "接着说",
    "- 甲",
    "  - 乙",
    "1. 丙",
    "> 引",
    "",
    "---",
    "| 茶 | 价 |",
    "| --- | :-: |",
    "| 龙井 | 28 \\| 元 |",
    "```js",
    "let a = **1**;",
    "```",
  ].join("\n"));
  equal(found.map(({ kind }) => kind), ["h", "p", "li", "li", "li", "quote", "rule", "table", "code"]);
  equal(found[1].spans.map(({ text, look }) => [text, look]).filter(([, look]) => look), [
    ["粗", "bold"],
    ["斜", "italic"],
    ["删", "struck"],
    ["code", "code"],
  ]);
  equal([found[3].depth, found[4].mark], [1, "1."]);
  equal(found[7].rows.map((row) => row.map(text)), [["龙井", "28 | 元"]]);
  equal(found[8], { kind: "code", lang: "js", text: "let a = **1**;" });
});

Deno.test("links lead where they say, by ways that open nothing else", () => {
  const links = (said) => blocks(said).flatMap(({ spans }) => spans).filter(({ href }) => href).map(({ href }) => href);
  equal(links("[茶](https://tea.example/a?b=1) https://x.example/路，好 <https://y.example>"), [
    "https://tea.example/a?b=1",
    "https://x.example/路",
    "https://y.example",
  ]);
  equal(links("![图](https://x.example/a.png)"), ["https://x.example/a.png"]);
  for (const bad of ["javascript:alert(1)", "data:text/html,x", "file:///etc", "weixin://dl", " JaVaScRiPt:1", "//x"]) {
    equal(links(`[a](${bad})`), [], bad);
  }
});

Deno.test("no word of an answer is lost while it is half written", () => {
  const whole = "# 茶\n\n**粗 和 *斜*\n\n```py\nprint(1)\n\n| a | b |\n|---|---|\n| 1 | [x](https://a.example) |\n- `x";
  for (let cut = 0; cut <= whole.length; cut++) {
    const all = JSON.stringify(blocks(whole.slice(0, cut)));
    for (const word of ["茶", "粗", "斜", "print"]) {
      if (whole.slice(0, cut).includes(word)) is(all.includes(word), `${word} at ${cut}`);
    }
  }
});

const LONG = 20_000;
const SLOW = [
  "*",
  "_",
  "`",
  "[",
  "![",
  "[](",
  "**a ",
  "` `` ",
  "> ",
  "- ",
  "|",
  "| - ",
  "#",
  "# ",
  "-- ",
  "~~",
  "http://",
  "\\",
  "\t",
];
for (const bad of SLOW) {
  Deno.test(`no answer is slow to read: ${JSON.stringify(bad)} ${LONG} times`, () => {
    const begun = performance.now();
    for (
      const said of [
        bad.repeat(LONG),
        `# ${" ".repeat(LONG)}x${bad}`,
        `a|b\n${bad.repeat(LONG)}|`,
        `#${bad.repeat(3 * LONG)}x\u2028`,
        `x${bad.repeat(LONG - 1)}\n\n`.repeat(5),
      ]
    ) {
      blocks(said);
    }
    is(performance.now() - begun < 1500, `${performance.now() - begun} ms`);
  });
}

Deno.test("what is written on the agent's colour can be read, whatever the colour is", () => {
  for (const color of ["#ffff00", "#ffffff", "#000000", "#07c160", "#777777", "#1456b8", "red", "", null]) {
    const { accent, on } = palette(color);
    const [light, dark] = [lightness(accent), lightness(on)].sort((a, b) => b - a);
    is((light + 0.05) / (dark + 0.05) >= 4.5, `${color}: ${(light + 0.05) / (dark + 0.05)}`);
  }
});

Deno.test("each sentence is there in both languages, with the same blanks", () => {
  equal(Object.keys(texts.ZH), Object.keys(texts.EN));
  for (const [name, zh] of Object.entries(texts.ZH)) {
    const blanks = (said) => JSON.stringify(String(said).match(/\{\w+\}/g));
    equal(blanks(zh), blanks(texts.EN[name]), name);
  }
  equal(["zh_CN", "zh-TW", "en", "fr", ""].map((one) => texts.textsOf(one).send), [
    "发送",
    "发送",
    "Send",
    "Send",
    "发送",
  ]);
});
