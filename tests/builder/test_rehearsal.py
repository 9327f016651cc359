"""Rehearsing in WeChat: the real ladder before a simulated WeChat, with the agent's real answer."""

import asyncio
import threading

import pytest
from builder_world import ASK, SAY
from builder_world import add as added

from builder.actions import rehearsal, stage
from builder.actions.stage import Recorded, Scene
from runtime.access.actor import OWNER
from runtime.agents.agent import Agent
from runtime.errors import Invalid, NotFound, TurnFailed
from runtime.simulator.wechat.accounts import RIGHTS
from script import DOWN, calls, says

MATRIX = [(kind, delay) for kind in RIGHTS for delay in (2, 14, 300)]
LONG = "很长的一段回答。" * 300
CLOCK = {"type": "clock"}


def add(studio, *flow, **more):
    """With answers that stay as they are."""
    return added(studio, *flow, **{"safety": {"label": {"when": "never"}}, **more})


async def rehearse(studio, kind="verified_service", delay=2, text="你好", **more):
    return await rehearsal.rehearse(studio, OWNER, "shop", text, kind, delay, **more)


def kinds(found, who="agent"):
    return [item["kind"] for item in found["items"] if item["who"] == who]


def item(found, kind, who="agent"):
    return next(item for item in found["items"] if (item["kind"], item["who"]) == (kind, who))


@pytest.mark.parametrize(("kind", "delay"), MATRIX, ids=[f"{kind}-{delay}s" for kind, delay in MATRIX])
async def test_everybody_sees_the_whole_answer_with_one_tap_at_most(studio, script, kind, delay):
    add(studio, ASK)
    script.answers = [says("**早**，九点开门。")]
    found = await rehearse(studio, kind, delay)
    assert item(found, "text")["text"] == "早，九点开门。"
    assert delay <= found["summary"]["seconds"] <= delay + stage.LOOKS
    assert found["summary"]["taps"] == (not RIGHTS[kind].pushes and delay > 14)
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    ("kind", "delay", "route", "attempt"),
    [
        ("unverified_subscription", 2, "direct", 1),
        ("unverified_subscription", 6, "repeat", 2),
        ("unverified_service", 14, "repeat", 3),
        ("unverified_service", 40, "page", 0),
        ("verified_subscription", 6, "push", 0),
        ("test", 300, "push", 0),
    ],
)
async def test_the_route_of_the_answer_is_told(studio, kind, delay, route, attempt):
    add(studio, ASK)
    answer = item(await rehearse(studio, kind, delay), "text")
    assert (answer["route"], answer.get("attempt", 0)) == (route, attempt)


async def test_the_person_taps_what_is_offered_and_waits_on_the_page(studio):
    add(studio, ASK)
    found = await rehearse(studio, "unverified_subscription", 40)
    assert kinds(found) == ["placeholder", "page", "text"]
    offered, tap, page = item(found, "placeholder"), item(found, "tap", "person"), item(found, "page")
    assert (offered["text"], offered["tap"]) == ("还在想，马上就好。", tap["text"])
    assert tap["at"] == page["at"] == offered["at"] + stage.REACTION
    assert page["until"] == item(found, "text")["at"]


async def test_wechats_repeats_are_told_as_what_nobody_sees(studio):
    add(studio, ASK)
    found = await rehearse(studio, "unverified_subscription", 14)
    repeats = [(item["at"], item["attempt"]) for item in found["items"] if item["who"] == "platform"]
    assert repeats == [(5.0, 2), (10.0, 3)]


async def test_the_typing_sign_ends_with_the_answer(studio):
    add(studio, ASK)
    found = await rehearse(studio, "verified_service", 6)
    assert item(found, "typing")["until"] == item(found, "text")["at"]
    assert "typing" not in kinds(await rehearse(studio, "unverified_service", 6))


async def test_pushes_are_counted_against_the_quota(studio, script):
    add(studio, ASK)
    script.answers = [says(LONG)]
    used = (await rehearse(studio, "verified_service", 6))["summary"]
    assert (used["pushes"], used["quota"]) == (4, 5)
    none = (await rehearse(studio, "unverified_service", 40))["summary"]
    assert (none["pushes"], none["quota"]) == (0, 0)


async def test_a_link_in_the_answer_is_not_what_is_tapped(studio, script):
    add(studio, ASK)
    script.answers = [says("看[菜单](https://tea.example/menu)")]
    found = await rehearse(studio, "unverified_service", 2)
    assert found["summary"]["taps"] == 0
    assert item(found, "text")["text"] == "看菜单"


async def test_tools_and_models_work_once_however_often_it_is_rehearsed(studio, script):
    add(studio, {**ASK, "tools": [CLOCK]})
    script.answers = [calls(("clock", {})), says("八点")]
    first = await rehearse(studio, "unverified_service", 2)
    again = await rehearse(studio, "verified_service", 300, answer=first["answer"])
    assert item(first, "text")["text"] == item(again, "text")["text"] == "八点"
    assert len(script.requests) == 2


async def test_a_failure_is_shown_as_the_person_sees_it_and_as_it_is(studio, script):
    add(studio, ASK, texts={"failure": "店员马上来。"})
    script.answers = [DOWN]
    found = await rehearse(studio, "verified_service", 6)
    assert item(found, "failure")["text"] == "店员马上来。"
    assert found["answer"]["failure"]["zh"] == "模型没有回应。"


async def test_an_agent_that_would_have_stopped_earlier_is_named(studio):
    add(studio, ASK, limits={"seconds": 30})
    assert (await rehearse(studio, delay=40))["summary"]["limit"] == 30
    assert (await rehearse(studio, delay=14))["summary"]["limit"] is None


async def test_the_values_that_are_tried_are_used(studio):
    add(studio, {**SAY, "text": "{{ answer }}"}, variables=[{"name": "answer", "default": "老店"}])
    found = await rehearse(studio, variables={"answer": "新店"})
    assert item(found, "text")["text"] == "新店"


@pytest.mark.parametrize(
    "wrong", [{"text": " "}, {"text": "长" * 2001}, {"kind": "personal"}, {"delay": 3}, {"delay": None}]
)
async def test_what_cannot_be_rehearsed_is_refused(studio, script, wrong):
    add(studio, ASK)
    with pytest.raises(Invalid):
        await rehearse(studio, **wrong)
    assert script.requests == []


async def test_an_agent_that_is_gone_is_told(studio):
    with pytest.raises(NotFound):
        await rehearse(studio)


async def test_nothing_is_left_behind(studio, tmp_path, monkeypatch):
    add(studio, ASK)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    threads = set(threading.enumerate())
    await rehearse(studio, "unverified_service", 40)
    left = {thread for thread in set(threading.enumerate()) - threads if "asyncio" not in thread.name}
    assert (left, list(tmp_path.glob("hongyan-rehearsal-*"))) == (set(), [])


async def test_a_rehearsal_that_does_not_end_is_stopped(studio):
    agent = Agent.load({"id": "shop", "name": "店", "flow": [SAY]})
    scene = Scene(agent, [Recorded("好", line="你好")], "wechat", "unverified_service", 300)
    with pytest.raises(TurnFailed):
        await asyncio.to_thread(stage.play, scene, studio.services, 0.0)


def test_the_page_begins_with_the_agents_first_suggestion(studio):
    add(studio, suggestions=["几点开门？", "能退吗？"])
    assert rehearsal.choices(studio, "shop")["text"] == "几点开门？"


def test_every_kind_of_account_is_explained(studio):
    add(studio)
    kinds = rehearsal.choices(studio, "shop")["kinds"]
    assert [one["name"] for one in kinds] == list(RIGHTS)
    assert all(one["title"]["zh"] and one["may"]["en"] for one in kinds)


LEAVE = [
    {"type": "ask", "id": "ask", "fields": [{"name": "days", "title": "请几天", "type": "number"}]},
    {
        "type": "approve",
        "id": "ok",
        "question": "请假 {{ ask.fields.days }} 天",
        "otherwise": [{**SAY, "id": "no", "text": "没批：{{ ok.why }}"}],
    },
    {**SAY, "text": "批准 {{ ask.fields.days }} 天"},
]


def told(found):
    """What is seen in the chat and beside it, in order, without times."""
    seen = [item for item in found["items"] if item["kind"] in ("text", "played", "waits")]
    return [item["text"] or item["words"]["zh"] for item in seen]


async def test_a_whole_conversation_of_a_waiting_flow_is_played(studio):
    add(studio, *LEAVE)
    found = await rehearse(studio, text="请假\n\n 三天 \n/approve")
    asked, submitted = "请几天？", "已提交。定了就告诉您，您也可以随时发消息来问。"
    waits = ["等用户回答：问：请几天", "等审批：请假 3 天"]
    assert told(found) == ["请假", asked, waits[0], "三天", submitted, waits[1], "同意", "批准 3 天"]
    [text] = [item for item in found["items"] if item["text"] == "批准 3 天"]
    assert (text["route"], found["summary"]["pushes"], found["answer"]["failure"]) == ("push", 3, None)
    again = await rehearse(studio, text="请假\n三天\n/approve", answer=found["answer"])
    assert told(again) == told(found)


async def test_what_comes_when_nobody_wrote_is_kept_where_the_account_may_not_push(studio):
    add(studio, *LEAVE)
    text = "请假\n三天\n/approve"
    found = await rehearse(studio, "unverified_subscription", text=text)
    assert (told(found)[-1], found["summary"]["seconds"]) == ("同意", None)
    found = await rehearse(studio, "unverified_subscription", text=f"{text}\n好了吗")
    assert "批准 3 天" in "".join(told(found))


async def test_time_goes_by_until_it_is_too_late_and_the_other_way_is_taken(studio):
    add(studio, *LEAVE)
    found = await rehearse(studio, text="请假\n三天\n/late")
    assert told(found)[-2:] == ["没等到", "没批：late"]
    assert found["items"][-1]["at"] > 23 * 3600
    found = await rehearse(studio, text="请假\n三天\n/deny 忙")
    assert told(found)[-2:] == ["不同意（忙）", "没批：denied"]
    with pytest.raises(Invalid):
        await rehearse(studio, text="\n".join("一" * 13))


async def test_beginnings_are_for_the_playground(studio):
    weekly = {"on": "schedule", "id": "x", "cron": "0 9 * * 1", "flow": [{**SAY, "id": "y"}]}
    add(studio, SAY, starts=[weekly])
    with pytest.raises(Invalid):
        await rehearse(studio, text="/start x")
