"""Places that an agent shares out: as a block or a model claims them, and what the owner is told of."""

from datetime import UTC, datetime

import pytest

from runtime.agents.agent import Agent
from runtime.agents.tool_names import undeclared
from runtime.errors import BadAgent, ToolFailed
from runtime.tools import Env, Shared, registry
from runtime.turn.shared_settings import SharedPlaces
from runtime.turn.shares_here import SharesHere

SLOTS = {"name": "slots", "places": 2, "each": None, "keys": ["10:00", "VIP 10:00", "15:00"]}
QUEUE = {"name": "queue", "places": None}
STOCK = {"name": "stock", "places": 20, "each": 5, "most": 8}


def using(declared, shares=None):
    one, shares = SharedPlaces(**declared), shares or SharesHere()
    calls = []

    async def use(does="claim", of=one.name, **arguments):
        calls.append(1)
        env = Env(
            None,
            datetime(2026, 11, 30, tzinfo=UTC),
            {},
            once=f"{len(calls)}",
            shared=Shared({one.name: one}, shares),
        )
        try:
            return await registry()["claim"](type="claim", of=of, does=does).call(arguments, env)
        except ToolFailed as e:
            return e.text.zh

    return use


async def test_a_slot_is_claimed_by_its_day_and_name_given_back_and_told_of_when_it_is_full():
    use = using(SLOTS)
    first = await use(within="2026-12-01", key=" 10:00 ")
    assert first == {
        "key": "2026-12-01 10:00", "number": 1, "ahead": 0, "places": 1, "left": 1, "again": False,
    }  # fmt: skip
    assert (await use(key="2026-12-01 10:00"))["left"] == 0  # said in one piece
    assert (
        await use(within="2026-12-01", key="10:00")
        == "「2026-12-01 10:00」已经没有名额了，还有：VIP 10:00、15:00。"
    )
    assert await use("any", action="claim", within="2026-12-01", key="15:00", places="3") == (
        "「2026-12-01 15:00」只剩 2 个名额。"
    )
    assert await use(key="2026-12-01 VIP 10:00") != first
    free = await use("free", within="2026-12-01")
    assert free["free"] == ["VIP 10:00", "15:00"]
    assert free["left"] == {"10:00": 0, "VIP 10:00": 1, "15:00": 2}
    assert free["full"] == (await use("free"))["full"] == ["2026-12-01 10:00"]
    assert (await use("free", within="2026-12-0"))["full"] == []
    assert (await use("mine"))["keys"] == ["2026-12-01 10:00"] * 2 + ["2026-12-01 VIP 10:00"]
    assert await use("release", within="2026-12-01", key="10:00") == {
        "released": 2,
        "key": "2026-12-01 10:00",
    }
    assert await use("any", action="release") == {"released": 1, "key": ""}
    assert await use("release") == "没有占着的名额。"


async def test_a_queue_counts_on_and_stock_has_its_limits():
    queue, stock = using(QUEUE), using(STOCK)
    one = await queue(within="2026-12-01")
    assert (one["number"], one["left"], one["again"]) == (1, None, False)
    assert (await queue(within="2026-12-01"))["again"]
    assert (await queue(within="2026-12-02"))["number"] == 1
    assert (await stock(key="大红袍", places="5"))["left"] == 15
    assert (await stock(key="大红袍", places=1))["again"]
    assert await stock(key="龙井", places=4) == "一个人占不了这么多。"  # 9 of 8
    assert (await stock(key="龙井", places=3))["places"] == 3


BAD = [
    ({"key": "16:00", "within": "2026-12-01"}, "没有「16:00」，有的是：10:00、VIP 10:00、15:00。"),
    ({"key": "", "within": "2026-12-01"}, "没有「2026-12-01」，有的是"),
    ({"key": "10:00", "places": 0}, "参数 places"),
    ({"key": "x" * 201}, "参数 key"),
    ({"key": "10:00", "person": "bob"}, "参数 person"),
    ({"of": "rooms", "key": "1"}, "没有声明名额「rooms」"),
]


@pytest.mark.parametrize(("arguments", "told"), BAD)
async def test_what_cannot_be_claimed_is_told_by_its_name(arguments, told):
    assert told in await using(SLOTS)(**arguments)
    assert await using(QUEUE)() == "要哪一项没有写。"
    with pytest.raises(ToolFailed, match="in a conversation"):
        await registry()["claim"](type="claim", of="slots").call(
            {"action": "mine"}, Env(None, datetime.now(UTC), {})
        )


def test_the_owner_is_told_of_places_that_nothing_declares_and_of_names_that_stand_twice():
    tool = {"type": "tool", "id": "take", "tool": {"type": "claim", "of": "rooms"}}
    asks = {"type": "model", "id": "m", "prompt": {"text": "x"}, "tools": [{"type": "claim", "of": "slots"}]}
    agent = {"format": 1, "id": "a", "name": "a", "shared": [SLOTS], "flow": [tool, asks]}
    assert [field for field, _ in undeclared(Agent.load(agent))] == ["flow.0.tool.of"]
    for wrong, field in (
        ([SLOTS, SLOTS], "shared.1.name"),
        ([{**SLOTS, "places": -1}], "shared.0.places"),
        ([{**SLOTS, "keys": ["a", " a "]}], "shared.0.keys"),
        ([{**SLOTS, "name": "a b"}], "shared.0.name"),
    ):
        with pytest.raises(BadAgent) as refused:
            Agent.load({**agent, "shared": wrong})
        assert refused.value.field == field
