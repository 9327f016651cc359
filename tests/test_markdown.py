"""What a person reads in WeChat when a model writes Markdown."""

import re
import time
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.channels._markdown import to_chat_text

INERT = "<\u200b"


@dataclass(frozen=True)
class Case:
    id: str
    markdown: str
    shown: str


CASES = [
    Case("plain text", "你好，今天 3 < 4 & 5 > 2", "你好，今天 3 < 4 & 5 > 2"),
    Case("headings", "# 营业时间\n每天\n### 周末\n休息", "【营业时间】\n\n每天\n\n【周末】\n\n休息"),
    Case("a heading with its own brackets", "## 【通知】放假", "【通知】放假"),
    Case("emphasis", "**粗** *斜* ***都*** ~~旧~~ `码`", "粗 斜 都 旧 码"),
    Case("lines stay lines", "一\n二  \n三\n\n四", "一\n二\n三\n\n四"),
    Case("bullets", "- 一\n- 二\n  - 三\n    - 四", "• 一\n• 二\n  • 三\n    • 四"),
    Case("loose bullets", "* 一\n\n  还有\n\n* 二", "• 一\n  还有\n• 二"),
    Case("numbers", "3. 一\n4. 二", "3. 一\n4. 二"),
    Case("bullets in numbers", "1. 一\n   - 二", "1. 一\n   • 二"),
    Case("a quote", "> 一\n> 二\n>\n> - 三", "▎一\n▎二\n▎• 三"),
    Case("a line across", "一\n\n---\n\n二", "一\n\n———\n\n二"),
    Case("a code fence", "```python\nif a < b:\n    go()\n```", "  if a < b:\n      go()"),
    Case("a fence that never ends", "```\na\n\nb", "  a\n\n  b"),
    Case("a table", "|茶|价|\n|-|-|\n|龙井|**10**|\n|白茶||", "• 茶：龙井；价：10\n• 茶：白茶"),
    Case("a table without rows", "|茶|价|\n|-|-|", "茶；价"),
    Case("a column without a name", "||价|\n|-|-|\n|龙井|10|", "• 龙井；价：10"),
    Case("an escaped star", r"2 \* 3 \* 4", "2 * 3 * 4"),
]

LINKS = [
    Case("a link", "[官网](https://a.cn/?x=1&y=2)", '<a href="https://a.cn/?x=1&y=2">官网</a>'),
    Case("a bold link", "**[官网](https://a.cn)**", '<a href="https://a.cn">官网</a>'),
    Case("a Chinese address", "[茶](https://a.cn/茶)", '<a href="https://a.cn/%E8%8C%B6">茶</a>'),
    Case("a label like the address", "[https://a.cn/x](https://a.cn/x)", "https://a.cn/x"),
    Case("no label", "[](https://a.cn/x)", "https://a.cn/x"),
    Case("an autolink", "<https://a.cn/x>", "https://a.cn/x"),
    Case("a script", "[x](javascript:alert(1))", "x（javascript:alert(1)）"),
    Case("data", "[x](data:text/html,1)", "x（data:text/html,1）"),
    Case(
        "WeChat's own scheme", "[x](weixin://bizmsgmenu?msgmenuid=1)", "x（weixin://bizmsgmenu?msgmenuid=1）"
    ),
    Case("mail", "[写信](mailto:a@b.cn)", "写信（mailto:a@b.cn）"),
    Case("a path", "[x](/etc/passwd)", "x（/etc/passwd）"),
    Case("an image", "![图](https://a.cn/a.png)", "图（https://a.cn/a.png）"),
    Case(
        "an image in a link",
        "[![图](https://a.cn/i.png)](https://a.cn)",
        '<a href="https://a.cn">图（https://a.cn/i.png）</a>',
    ),
    Case(
        "a quote mark in the address",
        '[x](<https://a.cn/"onclick=1>)',
        '<a href="https://a.cn/%22onclick=1">x</a>',
    ),
    Case("a tag in the label", "[`</a>`](https://a.cn)", f'<a href="https://a.cn">{INERT}/a></a>'),
    Case("a link too long for a tag", f"[x](https://a.cn/{'a' * 1000})", f"x（https://a.cn/{'a' * 1000}）"),
    Case(
        "a typed address",
        "见 https://a.cn/__init__.py?a_b_c=1&copy=2。",
        "见 https://a.cn/__init__.py?a_b_c=1&copy=2。",
    ),
    Case("a bold address", "**https://a.cn/x_y_z**", "https://a.cn/x_y_z"),
    Case(
        "a label with an address",
        "[看 https://a.cn](https://b.cn)",
        '<a href="https://b.cn">看 https://a.cn</a>',
    ),
]

HTML = [
    Case("tags go, words stay", "<div><b>粗</b></div>", "粗"),
    Case("attributes", '<span style="color:red">红</span>', "红"),
    Case("a line break", "一<br/>二", "一\n二"),
    Case("a script", "<script>alert(1)</script>", "alert(1)"),
    Case("an image", "看<img src=x onerror=alert(1)>", "看"),
    Case("a comment", "一<!-- 二 -->三", "一三"),
    Case(
        "what only looks like a tag",
        "if a<b and c>d: List<String> <think>",
        "if a<b and c>d: List<String> <think>",
    ),
    Case(
        "a typed link",
        "<a href='https://a.cn?x=1&amp;y=2'>官网</a>",
        '<a href="https://a.cn?x=1&y=2">官网</a>',
    ),
    Case(
        "a link in a typed link",
        '<a href="https://a.cn">看[茶](https://b.cn)</a>',
        '看<a href="https://b.cn">茶</a>',
    ),
    Case("a typed link to a script", '<a href="javascript:x">官网</a>', "官网（javascript:x）"),
    Case("a typed link that never ends", '<a href="https://a.cn">官网', "官网"),
    Case(
        "a link shown as code", '`<a href="https://a.cn">x</a>`', f'{INERT}a href="https://a.cn">x{INERT}/a>'
    ),
    Case("a link in entities", '&lt;a href="https://a.cn"&gt;x', f'{INERT}a href="https://a.cn">x'),
    Case("a link put together from pieces", "<**a** href='x'>", f"{INERT}a href='x'>"),
    Case("a link in a fence", "```\n<A\nhref='x'>\n```", f"  {INERT}A\n  href='x'>"),
]


@pytest.mark.parametrize("case", CASES + LINKS + HTML, ids=lambda case: case.id)
def test_shows(case):
    assert to_chat_text(case.markdown) == case.shown


ANCHOR = re.compile(r'<a href="https?://[^"<>\s]+">[^\n]*?</a>', re.IGNORECASE)
WORDS = "<a href= 'javascript:x' > </a> [ ]( ) ` ** _ ~~ ![ < &lt; &#2; %02 https://a.cn/x 茶 a \\ <b> <!--"
MARKS = [
    '"https://a.cn"',
    "```\n",
    "|",
    "\n|-|\n",
    "- ",
    "\n",
    "\n\n",
    "> ",
    "1. ",
    "# ",
    " ",
    "    ",
    "\x02",
]
PIECES = st.sampled_from(WORDS.split() + MARKS)


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=400, deadline=None)
def test_the_only_tags_are_whole_links_to_web_addresses(markdown):
    rest = ANCHOR.sub("", to_chat_text(markdown))
    assert not re.search(r"</?a[\s/>]", rest, re.IGNORECASE)


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_shown_and_sent(text):
    to_chat_text(text).encode()


@pytest.mark.parametrize(
    "text", ["> " * 5000, "[" * 5000, "*a" * 5000, "<a " * 5000, "`" * 9999, "- " * 5000, "http://" * 3000]
)
def test_hostile_markdown_takes_little_time(text):
    started = time.thread_time()
    to_chat_text(text)
    assert time.thread_time() - started < 2
