"""What every call of a channel carries goes with the check-up's own, too, and to the account's own host."""

from types import SimpleNamespace

import pytest

from runtime.channels import registry
from runtime.checkup import platform
from runtime.checkup.patient import Patient
from runtime.publish.doctor import State

ILINK = registry()["ilink"]
ACCOUNT = {"bot_token": "canary-token", "bot_id": "b5f0-xyz@im.bot", "user_id": "o9cq-abc@im.wechat"}
OWN = "https://sh.ilinkai.weixin.qq.com"


class Platform:
    """Says yes to whoever says who it is."""

    def __init__(self):
        self.asked = []

    def api(self, host):
        return SimpleNamespace(call=lambda *asked: self.call(host, *asked))

    async def call(self, host, path, body, query, headers):
        self.asked.append(host)
        known = headers.get("Authorization") == "Bearer canary-token" and "base_info" in body
        return 200, {"ret": 0, "typing_ticket": "t"} if known else {"ret": -14, "errcode": -14}


@pytest.mark.parametrize(
    ("hosts", "asked"),
    [({}, OWN), ({"HONGYAN_ILINK_API": "http://127.0.0.1:8091"}, "http://127.0.0.1:8091")],
)
async def test_an_account_that_is_well_is_not_told_to_join_anew(hosts, asked):
    there = Platform()
    ways = SimpleNamespace(hosts=hosts, outbound=there)
    channel = ILINK(ILINK.Settings(**ACCOUNT, base_url=OWN))
    state = State(None, None, None, 0, {})
    told = await platform.permissions(
        Patient("a-1", channel, "", "", ways, lambda: state, channel_name="ilink")
    )
    assert told.ok is True, told.says.en
    assert there.asked == [asked]
