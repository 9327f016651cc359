"""Whoever looks at a channel is told which proxy is in its way, and not what opens that."""

from types import SimpleNamespace

import pytest

from runtime.channels import registry
from runtime.checkup import platform
from runtime.checkup.patient import Patient
from runtime.errors import SendFailed
from runtime.lang import NOTHING
from runtime.network.proxy import Proxy, shown
from runtime.publish.credentials import with_suggested


class Unreached:
    """Implements Outbound."""

    def __init__(self, said):
        self.proxy = Proxy.platforms({"HONGYAN_PLATFORM_PROXY": said})

    def api(self, host):
        return self

    async def clock(self):
        raise SendFailed(NOTHING, code="unreachable")


def patient(said):
    kind = registry()["miniprogram"]
    given = {"app_id": "wx1234567890abcdef", "app_secret": "s" * 32}
    ways = SimpleNamespace(outbound=Unreached(said), hosts={})
    channel = kind(kind.Settings(**with_suggested(kind, given)))
    return Patient("a-1", channel, "https://bot.example.com", "/c/a-1", ways, lambda: None)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("http://mia:CANARY@proxy.example:3128", "http://proxy.example:3128"),
        ("weixin.qq.com=mia:CANARY@proxy.example:3128", "http://proxy.example:3128"),
        ("http://proxy.example:3128", "http://proxy.example:3128"),
        ("", "HONGYAN_PLATFORM_PROXY"),
    ],
)
async def test_a_proxy_that_fails_is_named_without_its_password(said, told):
    found = await platform.reached(patient(said))
    assert not found.ok
    for words in (found.do.zh, found.do.en):
        assert told in words
        assert "CANARY" not in words


def test_a_password_with_signs_of_an_address_does_not_come_out():
    assert shown("http://mia:CAN@ARY@proxy.example:3128") == "http://proxy.example:3128"
