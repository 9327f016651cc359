"""A file that a page sends."""

import json

import httpx
import pytest
from starlette.applications import Starlette

from builder.actions import bound
from builder.serving import clicks, uploads
from runtime.access.actor import OWNER
from runtime.access.audit.log import Audit
from runtime.access.permissions import Permission, needs
from runtime.server.door.ways import WHO

FILE = "application/octet-stream"


@needs(Permission.AGENTS_EDIT)
def keep(studio, file, name="", by=""):
    return {"content": file.read().decode(), "name": name}


@needs(Permission.AGENTS_VIEW)
def look(studio):
    return "looked"


@pytest.fixture
async def browser(tmp_path):
    tables = {"page": bound(None, keep, look)}
    audit = Audit(tmp_path, str)
    routes = [*uploads.routes(tables, tmp_path / "uploads", audit), *clicks.routes(tables, audit)]
    routes = Starlette(routes=routes)

    async def app(scope, receive, send):
        await routes({**scope, WHO: OWNER}, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as browser:
        yield browser


def sent(browser, content=b"x", action="keep", kind=FILE, **args):
    where = {"args": json.dumps(args)}
    return browser.post(
        f"/upload/page/{action}", params=where, content=content, headers={"content-type": kind}
    )


async def test_an_action_gets_the_file_and_its_other_arguments_and_nothing_is_left(browser, tmp_path):
    got = await sent(browser, "茶".encode() * 2_000_000, name="../../茶.txt")
    assert got.json()["value"] == {"content": "茶" * 2_000_000, "name": "../../茶.txt"}
    assert list((tmp_path / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "text/plain"}, "media_type"),
        ({"action": "look"}, "unknown_action"),
        ({"action": "nothing"}, "unknown_action"),
        ({"content": b"x" * 1001}, "too_large"),
    ],
)
async def test_what_is_not_meant_is_refused(browser, monkeypatch, more, code):
    monkeypatch.setattr(uploads, "MOST", 1000)
    assert (await sent(browser, **more)).json()["code"] == code


async def test_arguments_are_plain_json_and_short(browser):
    for args in ("[1]", "{", json.dumps({"name": "x" * 9000})):
        headers = {"content-type": FILE}
        got = await browser.post("/upload/page/keep", params={"args": args}, content=b"", headers=headers)
        assert (got.status_code, got.json()["code"]) == (400, "malformed")


async def test_a_click_cannot_ask_for_an_action_that_takes_a_file(browser):
    got = await browser.post("/click/page", json={"action": "keep", "args": {"file": "/etc/passwd"}})
    assert got.json()["code"] == "unknown_action"
