from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from cost import cpu_seconds
from runtime.errors import Blocked, ToolFailed
from runtime.network.addresses import Addresses
from runtime.network.fetched import Fetched
from runtime.network.reach import Reach
from runtime.tools import Env
from runtime.tools._readable import readable
from runtime.tools.web_page import TOOL

PAGE = """<!doctype html><html><head><title> 一叶
茶铺 </title><script>var a = "<p>no</p>"</script><style>p {}</style></head><body>
<nav><a href="/">首页</a></nav><h1>春茶</h1>
<p>龙井 <b>每斤</b>
<a href="https://tea.example">二百元</a>。</p><div>上午<br>下午<p>夜里</p></div>
<table><tr><td>周一</td><td>休息</td></tr></table><footer>备案号</footer></body></html>"""


@dataclass
class Web:
    """Implements Http with one answer."""

    answer: Fetched
    asked: list = field(default_factory=list)

    async def fetch(self, method, url, *, reach, **options):
        self.reach = reach
        self.asked.append((method, url))
        return self.answer


def answer(text=PAGE, kind="text/html; charset=utf-8", status=200, **more):
    return Fetched("https://tea.example/final", status, kind, text, **more)


async def read(fetched, **settings):
    tool = TOOL(type="web_page", **settings)
    env = Env(Web(fetched), datetime.now(UTC), {}, Addresses("看看 https://tea.example/"))
    return await tool.call({"url": "https://tea.example/"}, env)


async def test_a_page_is_its_title_and_its_paragraphs():
    assert await read(answer()) == {
        "url": "https://tea.example/final",
        "title": "一叶 茶铺",
        "text": "春茶\n龙井 每斤 二百元。\n上午\n下午\n夜里\n周一 休息",
    }


async def test_a_long_page_is_cut_and_says_so():
    page = await read(answer("<p>" + "长" * 500 + "</p>"), length=200)
    assert (page["text"], page["cut"]) == ("长" * 200, True)


def test_the_main_part_is_preferred():
    assert readable("<body><div>menu</div><main><p>text</p></main></body>") == ("", "text")


@pytest.mark.parametrize("html", ["", "<", "<html>", "<title>", "<p", "\0", "<nav><nav>a", "<main>" * 3000])
def test_broken_pages_give_what_they_have(html):
    title, text = readable(html)
    assert isinstance(title, str)
    assert "nav" not in text


@pytest.mark.parametrize(
    "piece",
    [
        "<p>a",
        "<div>",
        "<nav>",
        "<main>",
        "<b><p>",
        "<a",
        '<a "',
        "<a '",
        "<!--",
        "<script>",
        "</",
        "<svg </svg ",
        "&",
        "<title>",
    ],
)
def test_a_hostile_page_takes_no_longer_than_any_other(piece):
    assert cpu_seconds(readable, piece * (500_000 // len(piece)), enough=1) < 1


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<b>b</b>c<span>d</span>", "abcd"),
        ('<p title="a > b">x</p>', "x"),
        ("<!-- <p>no</p> -->x", "x"),
        ("<P>1 &lt; 2 &amp; 3&nbsp;元</P>", "1 < 2 & 3 元"),
        ("<textarea><p>no</p></textarea>x", "x"),
        ("a < b and c > d", "a < b and c > d"),
        ("<nav>a<nav>b</nav>c</nav>d", "d"),
        ("<ul><li>1<li>2</ul>", "1\n2"),
        ("&#33;&#x21;&#" + "9" * 5000 + ";&#x" + "f" * 5000 + ";", "!!\ufffd\ufffd"),
    ],
)
def test_text(html, text):
    assert readable(html) == ("", text)


@pytest.mark.parametrize("kind", ["text/plain", "application/json; charset=utf-8"])
async def test_plain_text_is_read_as_it_is(kind):
    assert (await read(answer(" {1} ", kind)))["text"] == "{1}"


@pytest.mark.parametrize(
    "fetched", [answer(kind="application/pdf"), answer(kind=""), answer(status=404), answer(status=503)]
)
async def test_what_is_no_page_is_told(fetched):
    if not fetched.content_type:
        fetched = answer("\x89PNG", "")
    with pytest.raises(ToolFailed):
        await read(fetched)


@pytest.mark.parametrize(
    "arguments", [{}, {"url": 5}, {"url": "https://a/" + "a" * 2000}, {"url": "https://a", "x": 1}]
)
async def test_wrong_arguments_are_told_and_nothing_is_fetched(arguments):
    web = Web(answer())
    with pytest.raises(ToolFailed):
        await TOOL(type="web_page").call(arguments, Env(web, datetime.now(UTC), {}))
    assert web.asked == []


async def opened(url, *given, **settings):
    """The reach with which the tool opens `url`, when the person wrote `given`."""
    web = Web(answer())
    tool = TOOL.model_validate({"type": "web_page", **settings})
    await tool.call({"url": url}, Env(web, datetime.now(UTC), {}, Addresses(*given)))
    return web.reach


async def test_only_what_was_given_is_opened():
    assert await opened("https://tea.example/a", "看 tea.example/a 。") == Reach("person", "web_page")
    for url in ("https://evil.example/exfil?d=1", "https://tea.example/a?d=1", "https://tea.example.evil/a"):
        with pytest.raises(Blocked, match="nobody gave"):
            await opened(url, "看 https://tea.example/a")


async def test_an_owner_may_let_it_choose_addresses_of_bounded_length():
    assert await opened("https://tea.example/b", any_address=True) == Reach("model", "web_page")
    for long in ("?d=" + "x" * 300, "x" * 300, "?d=" + "龙" * 40, "#" + "x" * 300):
        with pytest.raises(Blocked, match="300"):
            await opened("https://tea.example/" + long, any_address=True)
    with pytest.raises(Blocked, match="300"):
        await opened("https://" + ".".join(["secret" * 9] * 6) + ".example/", any_address=True)


async def test_all_addresses_that_a_model_makes_up_in_a_turn_are_bounded():
    env = Env(Web(answer()), datetime.now(UTC), {}, Addresses())
    tool = TOOL(type="web_page", any_address=True)
    urls = [f"https://tea.example/{i:02}?d=" + "x" * 100 for i in range(30)]
    for url in urls[:16]:
        await tool.call({"url": url}, env)
    with pytest.raises(Blocked, match="2000"):
        await tool.call({"url": urls[16]}, env)
    assert env.http.asked[-1] == ("GET", urls[15])


async def test_the_owners_hosts_hold_for_every_address():
    settings = {"hosts": ["https://Tea.example/", "*.茶.example"]}
    reach = await opened("https://evil.example/", "https://evil.example/", **settings)
    assert reach.hosts == ("tea.example", "*.xn--cl1a.example")
    assert not reach.allows("evil.example")


@pytest.mark.parametrize("host", ["", "a b", "http://", "a/b", "*", "*.", "a.*", "u@a", "a:80", "a..b"])
def test_a_host_that_is_none_is_told(host):
    with pytest.raises(ValidationError, match="host such as"):
        TOOL(type="web_page", hosts=[host])


def test_it_may_run_again_after_a_crash():
    assert TOOL(type="web_page").repeatable
