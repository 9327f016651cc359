"""Somebody in a Mini Program: in its chat page and in its customer-service window they are one person."""

import asyncio
import base64

import pytest

from doorway import doorway, written
from pictures import picture
from script import says

LIN = "o-lin-123"
KF = {"ToUserName": "gh_1", "FromUserName": LIN, "CreateTime": 1790000000}
SEND = "/cgi-bin/message/custom/send"


@pytest.fixture
async def door(tmp_path):
    async with doorway(tmp_path, says("在这里答"), says("在窗口里答")) as door:
        yield door


async def pushed(door, count=1):
    for _ in range(200):
        found = [body for path, body, _ in door.platform.asked if path == SEND]
        if len(found) >= count:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(door.platform.asked)


async def test_each_message_is_answered_where_it_was_written_and_all_is_one_conversation(door):
    door.platform.codes["c" * 20] = {"openid": LIN, "session_key": "x"}
    token = (await door.come("mini", code="c" * 20))["token"]
    said = await door.post("/agent/chat", {"input": "页面里问"}, token, **{"idempotency-key": "m1"})
    assert said.json() == {"reply": "在这里答"}
    kf = {**KF, "MsgType": "text", "MsgId": 1, "Content": "窗口里问"}
    for _ in "ab":  # the platform sends it twice
        response = await door.gateway.callback("mini", written(kf, door.clock()))
        assert response.body == "success"
    (answer,) = [body["text"]["content"] for body in await pushed(door)]
    assert answer == "在窗口里答\n\n（内容由 AI 生成）"  # as the law asks there
    asked = [one["content"] for one in door.models.requests[-1].messages if one["role"] == "user"]
    assert asked == ["页面里问", "窗口里问"]
    shown = (await door.get("/agent/history", token)).json()["messages"]
    assert [(one["id"], one["input"]) for one in shown] == [("m1", "页面里问"), ("", "窗口里问")]
    assert len(door.models.requests) == 2


async def test_a_picture_for_who_reads_on_a_page_of_ours_is_brought_nowhere(tmp_path):
    shown = f"![茶](data:image/png;base64,{base64.b64encode(picture()).decode()})"
    async with doorway(tmp_path, says(f"请看\n\n{shown}")) as door:
        door.platform.codes["c" * 20] = {"openid": LIN, "session_key": "x"}
        token = (await door.come("mini", code="c" * 20))["token"]
        said = await door.post("/agent/chat", {"input": "茶"}, token, **{"idempotency-key": "m1"})
        assert said.json() == {"reply": f"请看\n\n{shown}"}
        asked = {path for path, _, _ in door.platform.asked}
        assert asked & {"/cgi-bin/media/upload", SEND} == set()


async def test_who_comes_into_the_window_is_greeted_there(door):
    entered = {**KF, "MsgType": "event", "Event": "user_enter_tempsession", "SessionFrom": ""}
    await door.gateway.callback("mini", written(entered, door.clock()))
    (body,) = await pushed(door)
    assert (body["touser"], body["text"]["content"]) == (LIN, "欢迎")
