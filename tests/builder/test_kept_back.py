"""What checks kept from people: who tries an agent out sees it, marked; what leaves the pages has none."""

import json
from contextlib import aclosing
from dataclasses import replace

import httpx
import pytest
from builder_world import ASK, add
from starlette.applications import Starlette

from builder.actions import chats, sharing
from builder.actions.asking import Asker, asked
from builder.actions.suites import suites
from builder.actions.taken_cases import keep_chat
from builder.insights._trace import trace
from builder.serving.shared_page import SharedPage
from runtime.access.actor import OWNER
from runtime.engine import run
from runtime.turn.withheld import as_shown
from script import calls, says, wrote

RAW = "蓝杉会"
CHECKS = {
    "block": {"action": "block"},
    "mask": {"action": "mask"},
    "replace": {"action": "replace", "instead": "某会"},
    "ask": {"action": "ask"},
}


async def tried(studio, script, action):
    """One question in the playground; where it is, and its state at the end."""
    check = {"type": "words", "words": [RAW], "places": ["out"], **CHECKS[action]}
    tool = {"type": "calculator"}
    add(studio, {**ASK, "tools": [tool]}, safety={"checks": [check], "says": "不谈"})
    script.answers = [calls(("calculator", {"expression": RAW})), says(f"请找{RAW}，谢谢")]
    who = Asker("shop", OWNER.id)
    async with aclosing(asked(studio, who, "找谁", ())) as states:
        *_, last = [state async for state in states]
    return replace(who, chat=last.result["chat"], tip=last.result["tip"]), last


async def shared(studio, who):
    token = sharing.share_chat(studio, OWNER, "shop", who.chat, who.tip, 1)["token"]
    transport = httpx.ASGITransport(
        app=Starlette(routes=SharedPage(studio).routes()), client=("203.0.113.9", 1)
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        page = await client.get(f"/shared/{token}")
    assert page.status_code == 200
    return page.text


async def exported(studio, who):
    return chats.export_chat(studio, OWNER, "shop", who.chat)


async def rated(studio, who):
    chats.rate(studio, OWNER, "shop", who.chat, who.tip, True, "")
    return chats.feedback(studio, OWNER, "shop")


async def in_test_set(studio, who):
    await keep_chat(studio, OWNER, "shop", who.chat, who.tip)
    return [one.model_dump(mode="json") for one in suites(studio).open("shop")[0].cases]


WAYS = {
    "a shared chat": shared,
    "an exported chat": exported,
    "rated answers": rated,
    "a test set": in_test_set,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("action", CHECKS)
async def test_what_leaves_the_pages_has_only_what_was_shown(studio, script, action, way):
    who, _ = await tried(studio, script, action)
    told = await WAYS[way](studio, who)
    text = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
    assert "找谁" in text
    assert RAW not in text


@pytest.mark.parametrize("action", CHECKS)
async def test_who_tries_it_out_sees_what_was_kept_back_and_that_it_was(studio, script, action):
    _, last = await tried(studio, script, action)
    events = last.result["events"]
    [judged] = [one for one in events if one["type"] == "judged"]
    assert (judged["place"], judged["action"]) == ("out", action)
    assert RAW in json.dumps([one for one in events if one["type"] == "block_finished"], ensure_ascii=False)
    [line] = [one for one in last.said if one.get("metadata", {}).get("id") == "step.judged.1"]
    assert RAW in line["content"]
    answer = next(one for one in last.said if one.get("metadata", {}).get("id") in ("answer", "waits"))
    assert RAW not in answer["content"] or action == "ask"  # who plays the person that is asked reads it


@pytest.mark.parametrize("action", CHECKS)
async def test_of_the_events_nothing_that_a_model_wrote_is_left(studio, script, action):
    _, last = await tried(studio, script, action)
    left = as_shown(last.result["events"])
    assert [one["type"] for one in left] == [one["type"] for one in last.result["events"]]
    assert RAW not in json.dumps(left, ensure_ascii=False)


async def test_where_nothing_was_kept_back_the_events_are_whole(studio, script):
    add(studio, ASK)
    script.answers = [says(RAW)]
    agent = studio.library.get("shop").agent
    events = [one.to_json() async for one in run(agent, wrote(), (), studio.services)]
    assert as_shown(events) == events


ON_PAGE = {
    "type": "judged",
    "place": "out",
    "check": "words",
    "what": RAW,
    "excerpt": f"请找{RAW}",
    "why": {},
}


@pytest.mark.parametrize("action", CHECKS)
def test_operators_see_beside_the_trace_what_was_done(action, monkeypatch):
    monkeypatch.setattr("builder.insights._words.lang", lambda: "en")
    block = {"type": "block_finished", "block": "a", "kind": "model", "ms": 1, "output": {"text": RAW}}
    drawn = trace([block, {**ON_PAGE, "action": action}])
    words = {"block": "Blocked", "mask": "Masked", "replace": "Replaced", "ask": "Asks a person"}
    assert words[action] in drawn
    assert RAW in drawn
