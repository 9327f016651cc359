"""What others decide about is told to them, and to nobody who asked."""

import json
from typing import get_args

import pytest

from doorway import AGENT, doorway, hear, say
from runtime.lang import Text
from runtime.server.api.what_waits import FOR_OTHERS, told
from runtime.turn.waiting import Awaited
from script import says

HELD = "蓝杉会的内部价是三折"
CHECK = {"type": "words", "words": ["蓝杉会"], "places": ["out"], "action": "ask"}
OWN = {"decision": False, "call": False, "message": True, "results": True, "time": True}


@pytest.mark.parametrize("kind", get_args(Awaited))
def test_only_what_who_asked_gives_is_told_as_it_is(kind):
    what = Text(HELD, HELD)
    assert (told(kind, what, 9.0)["what"] == what.by_language()) == OWN[kind]
    assert (kind in FOR_OTHERS) != OWN[kind]


async def test_an_answer_that_a_person_has_to_pass_is_in_no_frame_before(tmp_path):
    agent = {**AGENT, "safety": {"checks": [CHECK]}}
    async with doorway(tmp_path, says(HELD), agent=agent) as door:
        token = (await door.come())["token"]
        async with door.line(token) as there:
            await say(there, type="send", id="m1", input="多少钱")
            frames = await hear(there)
        whole = await door.post("/agent/chat", {"input": "多少钱"}, token)
        followed = await door.get("/agent/messages/m1/events", token)
    assert frames[-1]["waiting"]["for"] == whole.json()["waiting"]["for"] == "decision"
    for seen in (json.dumps(frames, ensure_ascii=False), whole.text, followed.text):
        assert '"waiting"' in seen
        assert "蓝杉会" not in seen
