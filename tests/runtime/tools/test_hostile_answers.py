"""What other servers answer, whatever it is, is a result or a sentence, and holds nobody up."""

import bz2
import gzip
import json
import zlib
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from runtime.engine import run
from runtime.network.egress import Egress
from runtime.templating.prompts import Prompts
from runtime.turn.events import Replied, ToolReturned
from runtime.turn.turn import Services
from script import Script, agent, calls, says, wrote

MB = 1_000_000
GZIP, DEFLATE = {"Content-Encoding": "gzip"}, {"Content-Encoding": "deflate"}


@dataclass
class Answer:
    id: str
    body: bytes
    kind: str = "text/html; charset=utf-8"
    headers: dict = field(default_factory=dict)
    says: str | None = None
    """What is found in the page's text; "" when it is told to be none; None when either will do."""


def page(text, charset=""):
    return f"<html><head><meta charset='{charset}'></head><body><p>{text}</body></html>"


TEA = page("春茶")
ANSWERS = [
    Answer("plain", TEA.encode(), says="春茶"),
    Answer("gbk", TEA.encode("gbk"), "text/html; charset=GB2312", says="春茶"),
    Answer("utf-16", TEA.encode("utf-16"), "text/html", says="春茶"),
    Answer("utf-16 by header", TEA.encode("utf-16-le"), "text/html; charset=utf-16", says="春茶"),
    Answer("two gzip members", gzip.compress(b"<p>a") + gzip.compress(b"b</p>"), headers=GZIP, says="ab"),
    *(
        Answer(f"charset {name}", TEA.encode(), f"text/html; charset={name}", says="春茶")
        for name in ("bz2", "zip", "base64", "punycode", "undefined", "idna", "hex", "utf-7", "x" * 99)
    ),
    *(Answer(f"meta {name}", page("春茶", name).encode(), says="春茶") for name in ("bz2", "uu")),
    Answer("bz2 bomb", bz2.compress(b"\0" * 50 * MB), "text/html; charset=bz2"),
    Answer("punycode", b"<p>" + b"xn--" * 120_000, "text/html; charset=punycode", says="xn--"),
    Answer("gzip bomb", gzip.compress(b"<p>x" * 12 * MB), headers=GZIP, says="x"),
    Answer("gzip of gzip", gzip.compress(gzip.compress(b"<p>x" * 12 * MB)), headers=GZIP),
    Answer("many members", gzip.compress(b"") * 25_000, headers=GZIP),
    Answer("deflate bomb", zlib.compress(b"<p>x" * 12 * MB), headers=DEFLATE, says="x"),
    Answer("brotli", b"\x8b\x03\x80", headers={"Content-Encoding": "br"}, says=""),
    Answer("twice", gzip.compress(TEA.encode()), headers={"Content-Encoding": "gzip, gzip"}, says=""),
    Answer("a zip", b"PK\x03\x04" + b"\0" * 1000, "application/zip", says=""),
    Answer("a huge number", b"<p>&#" + b"9" * 100_000 + b";x", says="\ufffdx"),
    *(Answer(f"half a megabyte of {piece}", piece.encode() * (MB // 2 // len(piece)))
      for piece in ("<p>a", "<div>", "<a '", "<!--", "<script>", "&#1;", "&", "</script ", "\u3000", "<")),
    Answer("endless", b"<p>" + b"a" * 30 * MB, says="aaa"),
    Answer("not text at all", bytes(range(256)) * 2000, "text/plain"),
    Answer("deep", b"[" * 100_000 + b"]" * 100_000, "application/json"),
    Answer("deep but short", b"[" * 3000 + b"]" * 3000, "application/json"),
    Answer("a little too deep", b"[" * 45 + b"]" * 45, "application/json"),
    Answer("a bomb", b"[" + b"[]," * 300_000 + b"1]", "application/json"),
    Answer("a long number", b"9" * 7000, "application/json"),
    Answer("half an emoji", b'{"a": "\\ud83d", "\\udf75": 1}', "application/json"),
    Answer("infinity", b'{"a": 1e999, "b": NaN}', "application/json"),
    Answer("a name twice", b'{"a": 1, "a": 2}', "application/json"),
]  # fmt: skip


@asynccontextmanager
async def serving(answer):
    async def respond(_):
        headers = {**answer.headers, "Content-Type": answer.kind}
        return web.Response(body=answer.body, headers=headers)

    app = web.Application()
    app.router.add_get("/{path:.*}", respond)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    egress = Egress([f"http_request=127.0.0.1:{port}", f"web_page=127.0.0.1:{port}"])
    try:
        yield f"http://127.0.0.1:{port}/a", egress
    finally:
        await egress.close()
        await runner.cleanup()


async def played(tool, arguments, url, egress):
    """The tool's result, in a turn that a model leads, and a template that sees it."""
    prompt = {"text": "{{ look.result }}{{ look.error }}"}
    flow = agent(
        {"type": "tool", "id": "look", "tool": tool, "arguments": arguments},
        {"type": "model", "id": "answer", "prompt": prompt, "tools": [tool]},
    )
    models = Script([calls((tool["type"], arguments)), says("好")])
    services = Services(models, Prompts([]), egress)
    events = [e async for e in run(flow, wrote(f"看 {url}"), [], services)]
    assert isinstance(events[-1], Replied), events[-1]
    json.dumps([vars(e) for e in events], ensure_ascii=False, default=str).encode()
    return [e for e in events if isinstance(e, ToolReturned)]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda a: a.id[:40])
async def test_a_page_is_read_or_told_to_be_none(answer, stall):
    async with serving(answer) as (url, egress):
        async with stall() as longest:
            results = await played({"type": "web_page"}, {"url": url}, url, egress)
        assert longest() < 0.2
    for result in results:
        if answer.says:
            assert not result.failed, result.result
            assert answer.says in json.loads(result.result)["text"]
        elif answer.says == "":
            assert result.failed


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda a: a.id[:40])
async def test_an_interface_may_answer_anything(answer, stall):
    async with serving(answer) as (url, egress):
        async with stall() as longest:
            results = await played({"type": "http_request", "url": url}, {}, url, egress)
        assert longest() < 0.2
    assert len(results) == 2
