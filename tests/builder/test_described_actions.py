"""The panel beside the flow: what was said is kept, what is accepted is saved, and nothing else is."""

import asyncio

import pytest

from builder.actions import agents, build, describe
from runtime.access.actor import OWNER
from runtime.errors import Conflict, Invalid
from runtime.models.providers import Endpoint
from runtime.testing.suites import Suites
from script import calls, says

FORM = "餐厅订位：询问日期和人数，然后提交到 https://api.canting.example/bookings"
KEY = "sk-" + "a1b2c3d4" * 4


@pytest.fixture
def id(studio):
    describe.OPEN.clear()
    return agents.create(studio, "zh", "", "新的")["id"]


async def over(studio, id):
    """What is shown once the turn is over."""
    (one,) = describe.OPEN.values()
    await asyncio.wait({one.task})
    return await describe.described(studio, id)


async def test_what_is_described_is_proposed_and_saved_when_its_owner_accepts_it(studio, id):
    before = studio.library.open(id).data
    shown = await describe.describe(studio, OWNER, id, FORM)
    assert shown["running"]
    shown = await over(studio, id)
    assert (shown["running"], shown["demo"], len(shown["said"])) == (False, True, 1)
    assert studio.library.open(id).data == before
    assert shown["drawn"]["marks"]["form"] == ["added"]
    sends = next(one for one in shown["changes"] if one["powers"])
    assert "api.canting.example" in sends["powers"][0]["zh"]
    assert (await describe.described(studio, id, seen=shown["mark"]))["drawn"] is None

    describe.OPEN.clear()  # the program was started anew
    again = await describe.described(studio, id)
    assert (again["said"], again["changes"], again["drawn"]) == (
        shown["said"],
        shown["changes"],
        shown["drawn"],
    )

    first = again["changes"][0]
    taken = await describe.accept_described(studio, OWNER, id, [first["number"]])
    assert taken.value["opened"]["data"]["name"] == "餐厅订位"
    assert len(taken.value["state"]["changes"]) == len(again["changes"]) - 1
    undone = await describe.undo_described(studio, id, [again["changes"][1]["number"]])
    assert "form" not in undone.value["drawn"]["marks"]
    left = [one["number"] for one in undone.value["changes"]]
    taken = await describe.accept_described(studio, OWNER, id, left)
    assert taken.value["state"]["changes"] == []
    suite, _ = Suites(studio.settings.agents, studio.settings.data).open(id)
    (proposed,) = (one for one in again["changes"] if one["test"])
    (case,) = suite.cases  # instead of the one that came with the blank agent
    assert proposed["words"]["zh"] == f"测试：{case.title or case.id}"
    with pytest.raises(Conflict):
        await describe.accept_described(studio, OWNER, id, left)


async def test_another_model_that_is_set_up_may_build_and_no_other(studio, id, script):
    studio.control.save_endpoint(Endpoint(name="deep", provider="deepseek", models=["one"]), by="owner")
    script.answers = [says("好的。")]
    assert (await describe.described(studio, id))["models"] == ["deep/one"]
    with pytest.raises(Invalid) as told:
        await describe.describe(studio, OWNER, id, FORM, model="nobody/knows")
    assert told.value.field == "model"
    await describe.describe(studio, OWNER, id, FORM, model="deep/one")
    shown = await over(studio, id)
    assert (shown["said"][0]["answer"], script.requests[-1].model) == ("好的。", "deep/one")


async def test_somebody_who_edits_meanwhile_loses_nothing(studio, id):
    await describe.describe(studio, OWNER, id, FORM)
    shown = await over(studio, id)
    opened = build.open_agent(studio, id)
    edited = {**opened["data"], "description": "改过了"}
    build.save(studio, OWNER, id, edited, opened["revision"])
    numbers = [one["number"] for one in shown["changes"]]
    taken = await describe.accept_described(studio, OWNER, id, numbers)
    assert taken.value["opened"]["data"]["description"] == "改过了"
    assert studio.library.get(id).agent.flow[0].type == "ask"


async def test_it_streams_stops_asks_and_tells_what_it_cost(studio, id, script):
    studio.control.choose_default("deepseek/deepseek-chat", by="owner")
    asks = ("ask_owner", {"question": "哪家店？", "choices": ["花间", "暖屿"]})
    script.answers = [calls(asks), says("请告诉我店名。", cost=0.01)]
    with pytest.raises(Invalid):
        await describe.describe(studio, OWNER, id, " ")
    await describe.describe(studio, OWNER, id, f"做一个客服，密钥是 {KEY}")
    shown = await over(studio, id)
    assert shown["asked"] == {"question": "哪家店？", "choices": ["花间", "暖屿"]}
    (said,) = shown["said"]
    assert (said["answer"], said["usage"]["prompt_tokens"]) == ("请告诉我店名。", 20)
    assert KEY not in said["asked"]
    assert len(script.paid) == 2

    script.gate = asyncio.Event()
    await describe.describe(studio, OWNER, id, "花间")
    with pytest.raises(Conflict):
        await describe.describe(studio, OWNER, id, "暖屿")
    with pytest.raises(Conflict):
        await describe.accept_described(studio, OWNER, id, [1])
    stopped = await describe.stop_describing(studio, id)
    assert (stopped["running"], stopped["said"][-1]["answer"]) == (False, "（已停下）")
    assert (await describe.forget_described(studio, OWNER, id)).value["said"] == []
