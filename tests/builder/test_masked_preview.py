"""Who tries an agent out sees what models are sent: the very bytes, with marks, and no number beside them."""

import json
from dataclasses import replace

from builder_world import ASK, add

from builder.actions import playground
from runtime.models.routed import RoutedModels

PHONE = "138 0013 8000"


async def test_the_preview_is_what_is_sent_and_the_trace_has_only_marks(studio):
    studio.services = replace(studio.services, models=RoutedModels(studio.control, {}))
    add(studio, {**ASK, "model": "demo/hongyan"}, safety={"masking": {"kinds": ["phone"]}})
    *_, turn = [state async for state in playground.talk(studio, "shop", f"我的电话是 {PHONE}", ())]
    [asked] = [event for event in turn.events if event["type"] == "model_asked"]
    sent = json.loads(asked["request"]["text"])["messages"]
    assert [message["content"] for message in sent] == [one["text"] for one in asked["messages"]]
    assert "[PHONE-" in sent[-1]["content"]
    assert PHONE not in json.dumps(turn.events, ensure_ascii=False)
    assert f"我的电话是 {PHONE}" in turn.transcript.messages()[-1]["content"]
