"""Wherever somebody outside comes to an address of ours, the way there is walked, and nowhere else."""

from types import SimpleNamespace

import pytest

from runtime.channels import registry
from runtime.checkup import address
from runtime.checkup.order import checks
from runtime.checkup.patient import Patient
from runtime.network.outside import Names
from runtime.publish.credentials import with_suggested
from runtime.publish.doctor import State

NEVER = State(None, None, None, 0, {})
WAY = {"url", "port", "dns", "tcp", "tls", "reaches", "carries", "public"}
BOT = {"bot_token": "123456789:AAbbccddeeffgghhiijjkkllmmnnooppqqr"}
APP = {"client_id": "dingabcdef123456", "client_secret": "abcdefghij0123456789ABCD"}
BROKER = {"url": "mqtts://broker.example.com"}


class Outside:
    async def names(self, host, seconds):
        return Names(a=("93.184.216.34",))


def patient(name, given, base="https://bot.example.com"):
    kind = registry()[name]
    channel = kind(kind.Settings(**with_suggested(kind, given)))
    ways = SimpleNamespace(outside=Outside(), hosts={}, patience=None)
    return Patient("a-1", channel, base, "/c/a-1", ways, lambda: NEVER, channel_name=name)


@pytest.mark.parametrize(
    ("name", "given", "is_walked"),
    [
        ("webhook", {"secret": "x7hD93kslqPz01mN"}, True),
        ("web", {}, True),
        ("telegram", {**BOT, "mode": "webhook"}, True),
        ("telegram", {**BOT, "mode": "poll"}, False),
        ("dingtalk", {**APP, "mode": "webhook"}, True),
        ("dingtalk", {**APP, "mode": "connection"}, False),
        ("mqtt", BROKER, False),
        ("api", {}, False),
    ],
)
def test_the_way_is_walked_where_somebody_comes(name, given, is_walked):
    planned = {check.id for check in checks(patient(name, given))}
    assert planned & WAY == (WAY if is_walked else set())


@pytest.mark.parametrize(("name", "path"), [("webhook", "/c/a-1"), ("web", "/chat/a-1")])
async def test_the_address_is_that_which_is_opened_or_called(name, path):
    given = {"secret": "x7hD93kslqPz01mN"} if name == "webhook" else {}
    told = await address.url(patient(name, given))
    assert (told.ok, told.copy) == (True, f"https://bot.example.com{path}")


@pytest.mark.parametrize("name", ["webhook", "web"])
async def test_a_way_in_without_a_public_address_is_told(name):
    given = {"secret": "x7hD93kslqPz01mN"} if name == "webhook" else {}
    told = await address.url(patient(name, given, base=""))
    assert told.ok is False
    assert "HONGYAN_PUBLIC_URL" in told.do.en
