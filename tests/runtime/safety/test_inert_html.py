"""Whatever is written shows, and nothing of it acts."""

import re

import pytest

from cost import cpu_seconds
from runtime.safety.inert_html import ELEMENTS, LONGEST, inert_html, inert_text

LINK = 'target="_blank" rel="noopener noreferrer nofollow"'

SHOWN = [
    ("**龙井** *新*", "<p><strong>龙井</strong> <em>新</em></p>"),
    ("一\n二", "<p>一<br>\n二</p>"),
    ("~~99~~ 68", "<p><s>99</s> 68</p>"),
    ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
    ("<form action=/x>", "<p>&lt;form action=/x&gt;</p>"),
    ("a <!-- b --> c", "<p>a &lt;!-- b --&gt; c</p>"),
    ("[客服]: https://a.example", "<p>[客服]: https://a.example</p>"),
    ("***", "<p>***</p>"),
    ("```\n```", "<p>```<br>```</p>"),
    ("#", "<p>#</p>"),
    ("[看](https://a.example/x)", f'<p><a href="https://a.example/x" {LINK}>看</a> (a.example)</p>'),
    ("<https://a.example/x>", f'<p><a href="https://a.example/x" {LINK}>https://a.example/x</a></p>'),
    ("[https://bank.example](https://evil.example)",
     f'<p><a href="https://evil.example" {LINK}>https://bank.example</a> (evil.example)</p>'),
    ("[https://a.example@evil.example](https://a.example@evil.example)",
     f'<p><a href="https://a.example@evil.example" {LINK}>https://a.example@evil.example</a>'
     " (evil.example)</p>"),
    ("[https://bank.com/in](https://bank.co)",
     f'<p><a href="https://bank.co" {LINK}>https://bank.com/in</a> (bank.co)</p>'),
    ("[bank.co.example](https://bank.co/x)",
     f'<p><a href="https://bank.co/x" {LINK}>bank.co.example</a> (bank.co)</p>'),
    ("[a.example/菜单](https://a.example/x)",
     f'<p><a href="https://a.example/x" {LINK}>a.example/菜单</a></p>'),
    ("![图](https://evil.example/p.png?d=1)",
     f'<p><a href="https://evil.example/p.png?d=1" {LINK}>图</a> (evil.example)</p>'),
    ("[打](tel:10086)", f'<p><a href="tel:10086" {LINK}>打</a></p>'),
    ("[x](/logout)", "<p>[x](/logout)</p>"),
    ("[x](//evil.example)", "<p>[x](//evil.example)</p>"),
    ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    ("[x](JaVaScRiPt:1)", "<p>[x](JaVaScRiPt:1)</p>"),
    ("[x](data:text/html,1)", "<p>[x](data:text/html,1)</p>"),
    ("![x](data:image/png;base64,AA)", "<p>![x](data:image/png;base64,AA)</p>"),
    ("价\u202e99\u202c", "<p>价99</p>"),
    ("\u2066a\u2069\u200fb", "<p>ab</p>"),
    ("a\x00\x1b[31mb", "<p>a[31mb</p>"),
    ("e" + "\u0301" * 40 + "x", "<p>e\u0301\u0301x</p>"),
    ("👨‍👩‍👧 ❤️ ไม่ क्षि", "<p>👨‍👩‍👧 ❤️ ไม่ क्षि</p>"),
    ("", "<p></p>"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "shown"), SHOWN, ids=lambda said: said[:24])
def test_it_shows_as(written, shown):
    assert inert_html(written).strip() == shown


ATTACKS = [
    '<div style="position:fixed;inset:0"><button form=f>x</button></div><form id=f action=/x></form>',
    "<style>*{display:none}</style>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=//evil></iframe>",
    "<a href='javascript:1'>x</a>",
    "<base href=//evil>",
    "<meta http-equiv=refresh content=0>",
    "<math><mtext><table><mglyph><style><img src=x onerror=1>",
    "```html\n</code></pre><script>1</script>\n```",
    '[x](https://a"onmouseover="alert(1))',
    '![a"onerror="1](https://a)',
    "| <form> |\n|-|\n| <input> |",
    "# <h1 style=font-size:999px>x</h1>",
    "<a title='</p><script>1</script>'>",
    "&lt;script&gt;1&lt;/script&gt;",
    '[x](https://a "t" onclick=1)',
    '```"><script>1</script>\nx\n```',
]


@pytest.mark.parametrize("written", ATTACKS, ids=lambda said: said[:24])
@pytest.mark.parametrize("render", [inert_html, inert_text])
def test_of_an_attack_only_its_words_are_there(render, written):
    tags = re.findall(r"<(/?)(\w+)([^>]*)>", render(written))
    assert {name for _, name, _ in tags} <= ELEMENTS
    attributes = " ".join(held for _, _, held in tags)
    assert set(re.findall(r'([\w-]+)="', attributes)) <= {"href", "target", "rel"}


def test_what_is_long_is_shown_whole_as_it_was_written():
    written = "**长**<b>\n" * LONGEST
    assert inert_html(written).count("**长**&lt;b&gt;") == LONGEST


@pytest.mark.parametrize("piece", ["![", "[a](", "*a ", "~~a", "|a"])
def test_the_worst_is_rendered_in_bounded_time(piece):
    assert cpu_seconds(inert_html, piece * (LONGEST // len(piece)), enough=2) < 2
