"""Who decides from outside: by the API with an operating key, or by tapping a card; once, and who they are
is never what somebody wrote."""

import httpx
from starlette.applications import Starlette
from world import world

from runtime.access.keys import Keys
from runtime.access.limiter import Limiter
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.decisions_api import DecisionsApi
from runtime.server.api.key_check import KeyCheck, sender_of
from runtime.server.api.unasked_api import UnaskedApi
from runtime.store.control.control import Control
from runtime.store.control.records import Publication

SHOP = {
    "format": 1,
    "id": "shop",
    "name": "店",
    "flow": [
        {"type": "approve", "id": "ok", "question": "给 {{ message.text }} 退款？", "text": "已提交"},
        {"type": "reply", "id": "say", "text": "退了{{ ok.note }}"},
    ],
}


class Program:
    """The owner's system, which holds keys of this agent and of another one."""

    def __init__(self, w, folder):
        self.control = Control.in_folder(folder)
        self.control.save_publication(
            Publication(id="p", agent="shop", channel="api", version=1, created_at=0.0)
        )
        check, keys = KeyCheck(self.control, Limiter()), Keys(self.control)
        self.keys = {
            name: keys.create(agent, operates=operates)
            for name, agent, operates in (("desk", "shop", True), ("ask", "shop", False), ("b", "b", True))
        }
        browsers = Browsers(())
        routes = [
            *DecisionsApi(w.gateway, check, self.control).routes(),
            *UnaskedApi(w.gateway, check, browsers).routes(),
        ]
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(Starlette(routes=routes)), base_url="http://us"
        )
        self.sender = sender_of(keys.find(self.keys["ask"]), "c1")

    async def call(self, path, holds="desk", **data):
        headers = {"authorization": f"Bearer {self.keys[holds]}"}
        response = await self.client.post(path, json=data, headers=headers)
        return response.status_code, response.json()


async def test_an_operating_key_decides_once_and_the_program_that_asked_finds_what_came_of_it(tmp_path):
    async with world(tmp_path, agent=SHOP) as w:
        us = Program(w, tmp_path / "control")
        assert await w.push("小李", id="m1", **{"from": us.sender}) == "reply:已提交"
        _, told = await us.call("/desk/waits", kind="decision")
        [wait] = told["waits"]
        assert (wait["what"]["zh"], wait["for"], wait["person"]) == ("给 小李 退款？", "decision", us.sender)
        _, later = await us.call("/agent/later", holds="ask", context_id="c1")
        assert (later["answers"], later["waiting"][0]["for"]) == ([], "decision")
        refused = [
            await us.call("/desk/approve", holds="ask", wait=wait["id"]),
            await us.call("/desk/approve", holds="b", wait=wait["id"]),
            await us.call("/desk/approve", wait=99),
            await us.call("/desk/deny", wait=wait["id"], note="x" * 2000),
            await us.call("/desk/approve", wait=wait["id"], yes=True),
        ]
        assert [status for status, _ in refused] == [403, 404, 404, 400, 400]
        assert (await us.call("/desk/waits", holds="b"))[1] == {"waits": []}
        assert (await us.call("/desk/approve", wait=wait["id"], note="了", operator="an"))[0] == 200
        assert (await us.call("/desk/deny", wait=wait["id"]))[0] in (404, 409)
        await w.until(lambda: len(w.account.sent) == 1)
        _, later = await us.call("/agent/later", holds="ask", context_id="c1")
        assert ([one["reply"] for one in later["answers"]], later["waiting"]) == (["退了了"], [])
        assert (await us.call("/agent/later", holds="ask", context_id="c2"))[1]["answers"] == []
        again = await us.call("/agent/later", holds="ask", context_id="c1", after=later["after"])
        assert again == (200, {"answers": [], "waiting": [], "after": later["after"]})
        await w.push("小王", id="m2", **{"from": us.sender})
        [wait] = (await us.call("/desk/waits"))[1]["waits"]
        assert (await us.call("/desk/cancel", wait=wait["id"]))[0] == 200
        await w.until(lambda: len(w.account.sent) >= 2)
