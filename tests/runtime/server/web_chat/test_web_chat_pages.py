"""The page of a conversation and the widget's script: what they allow, to whom, and how little they cost."""

import gzip
import re

import pytest

from doorway import AGENT, doorway, publish
from runtime.gateway.one_publication import Unobserved
from runtime.server.web_chat import scripts

EVIL = {**AGENT, "name": '</script><b>"&amp;', "description": "<img src=x>"}
MOST = 60_000
"""Bytes on the line, gzip, of all that a visitor's browser fetches."""


@pytest.fixture
async def door(tmp_path):
    async with doorway(tmp_path) as door:
        publish(door.control, "evil", "web", {}, {}, EVIL)
        yield door


async def test_the_page_runs_its_own_script_alone_and_nobody_frames_it(door):
    page = await door.get("/chat/page")
    policy = page.headers["content-security-policy"]
    nonce = re.search(r"'nonce-([\w-]+)'", policy)[1]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert f"ws://127.0.0.1:{door.port};" in policy
    assert page.text.count("<script") == page.text.count(f'nonce="{nonce}"') - page.text.count("<style") == 1
    assert (await door.get("/chat/page")).headers["content-security-policy"] != policy
    assert "set-cookie" not in page.headers


async def test_a_name_is_text_in_the_page_and_in_the_script(door):
    page, widget = await door.get("/chat/evil"), await door.get("/chat/evil/widget.js")
    assert page.text.count("</script>") == 1
    assert "<img" not in page.text
    assert "<b>" not in page.text
    assert '"title": "</script><b>\\"&amp;"' in widget.text


@pytest.mark.parametrize(
    "path", ["/chat/none", "/chat/mini", "/chat/none/widget.js", "/chat/assets/chat.0.js"]
)
async def test_what_is_no_chat_is_not_there(door, path):
    found = await door.get(path)
    assert (found.status_code, found.headers["cache-control"]) == (404, "no-store")


async def test_the_widget_is_for_any_page_and_says_where_the_rest_is(door):
    widget = await door.get("/chat/page/widget.js")
    assert widget.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "max-age=300" in widget.headers["cache-control"]
    (name,) = re.findall(r'"script": "([^"]+)"', widget.text)
    script = await door.get(f"/{name}")
    assert (script.status_code, script.headers["access-control-allow-origin"]) == (200, "*")
    assert "immutable" in script.headers["cache-control"]


async def test_all_of_it_costs_a_phone_little(door):
    page, widget = await door.get("/chat/page"), await door.get("/chat/page/widget.js")
    parts = [asset.packed.gzipped for asset in scripts.assets().values()]
    assert sum(map(len, [*parts, gzip.compress(page.content), gzip.compress(widget.content)])) < MOST


async def test_what_the_owner_entered_is_what_a_visitor_sees(door):
    settings = {
        "title": "问茶",
        "suggestions": " 怎么泡？\n\n几点开门？ ",
        "position": "left",
        "branding": "false",
    }
    publish(door.control, "set", "web", settings, {}, AGENT)
    about = (await door.get("/agent/about?publication=set")).json()
    assert (about["name"], list(about["suggestions"])) == ("问茶", ["怎么泡？", "几点开门？"])
    assert about["own"] == {"export": "导出我的数据", "forget": "忘记我"}
    widget = (await door.get("/chat/set/widget.js")).text
    assert '"position": "left", "branding": false' in widget


class Watched(Unobserved):
    def __init__(self):
        self.told = []

    def saw(self, publication, what, *_):
        self.told.append((publication, what))


async def test_the_owner_sees_that_the_first_message_came_each_once(tmp_path):
    seen = Watched()
    async with doorway(tmp_path, seen=seen) as door:
        token = (await door.come())["token"]
        for _ in range(2):
            await door.post("/agent/chat", {"input": "在吗"}, token, **{"idempotency-key": "m1"})
    assert seen.told == [("page", "message")]
