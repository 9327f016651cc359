"""A library's files: compressed once, named by what is in them, and no others."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from runtime.server.bundling.packed import Files

LONG = "一只鸿雁 " * 500


@pytest.fixture
def world(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "secret.js").write_text("no", encoding="utf-8")
    folder = tmp_path / "inner"
    (folder / "a.js").write_text(LONG, encoding="utf-8")
    (folder / "b.woff2").write_bytes(b"\0\1")
    packed = []

    def light(name, text):
        packed.append(name)
        return text.replace("一只", "")

    app = Starlette(routes=[Route("/x/{name:path}", Files(folder, light).serve)])
    browser = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x")
    return browser, packed


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
async def test_a_text_is_sent_as_the_browser_understands_it(world, encoding):
    browser, _ = world
    got = await browser.get("/x/a.js", headers={"accept-encoding": encoding})
    assert got.text == LONG.replace("一只", "")
    assert got.headers.get("content-encoding", "identity") == encoding
    assert got.headers["vary"] == "accept-encoding"
    assert "immutable" in got.headers["cache-control"]


async def test_a_file_is_packed_once_however_many_ask(world):
    browser, packed = world
    await asyncio.gather(*(browser.get("/x/a.js") for _ in range(5)))
    assert packed == ["a.js"]


async def test_what_is_no_text_is_sent_as_it_is(world):
    browser, packed = world
    assert (await browser.get("/x/b.woff2")).content == b"\0\1"
    assert packed == []


@pytest.mark.parametrize("name", ["nothing.js", "..%2fsecret.js", "%2fetc%2fpasswd", "a.js%00", ""])
async def test_nothing_else_is_given(world, name):
    browser, _ = world
    assert (await browser.get(f"/x/{name}")).status_code == 404
