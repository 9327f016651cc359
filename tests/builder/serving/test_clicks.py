"""How an answer to a click goes over the line."""

import httpx
import pytest
from starlette.applications import Starlette

from builder.actions import bound
from builder.serving import clicks
from runtime.access.actor import OWNER
from runtime.access.audit.log import Audit
from runtime.access.permissions import Permission, needs
from runtime.server.door.ways import WHO


@needs(Permission.AGENTS_VIEW)
def long(studio):
    return "长" * 2000


@needs(Permission.AGENTS_VIEW)
def short(studio):
    return "短"


@pytest.mark.parametrize(
    ("action", "accepts", "encoding"),
    [("long", "gzip, br", "gzip"), ("long", "identity", None), ("short", "gzip", None)],
)
async def test_a_long_answer_is_sent_short(action, accepts, encoding, tmp_path):
    routes = Starlette(routes=clicks.routes({"page": bound(None, long, short)}, Audit(tmp_path, str)))

    async def app(scope, receive, send):
        await routes({**scope, WHO: OWNER}, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as browser:
        got = await browser.post("/click/page", json={"action": action}, headers={"accept-encoding": accepts})
    assert got.headers.get("content-encoding") == encoding
    assert got.headers["vary"] == "accept-encoding"
    assert got.json()["value"] in ("长" * 2000, "短")
    assert (int(got.headers["content-length"]) < 1000) == (encoding == "gzip" or action == "short")
