"""AG-UI's events, read by the protocol's own types."""

import json

import pytest
from ag_ui.core import Event, EventType, RunAgentInput, Tool, UserMessage
from ag_ui.core.types import AssistantMessage, ToolMessage
from open_world import ANSWERS, opened
from pydantic import TypeAdapter

from script import DOWN, calls, says

EVENT = TypeAdapter(Event)
CALLS = calls(("show_map", {"town": "北京"}))
MAP = Tool(name="show_map", description="Shows a map.", parameters={"type": "object", "properties": {}})


def run_input(*messages, **more):
    given = {"thread_id": "t-1", "run_id": "r-1", "state": None, "tools": [], "context": []}
    given |= {"forwarded_props": {}, "messages": list(messages), **more}
    return RunAgentInput(**given).model_dump(by_alias=True, mode="json")


async def run(w, *messages, path="/ag-ui", **more):
    """The events of one run."""
    response = await w.http.post(path, json=run_input(*messages, **more))
    assert response.status_code == 200, response.text
    lines = [line.removeprefix("data: ") for line in response.text.split("\n") if line.startswith("data: ")]
    return [EVENT.validate_json(line) for line in lines]


def kinds(events):
    return [event.type.value for event in events]


ASKED = UserMessage(id="m1", content="你好")


@pytest.mark.parametrize("path", ["/ag-ui", "/ag-ui/shop"])
async def test_a_run_is_its_text_between_start_and_end(tmp_path, path):
    async with opened(tmp_path, says("你好呀")) as w:
        events = await run(w, ASKED, path=path, parent_run_id="r-0")
    assert list(dict.fromkeys(kinds(events))) == [
        "RUN_STARTED",
        "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_END",
        "RUN_FINISHED",
    ]
    assert "".join(one.delta for one in events if one.type is EventType.TEXT_MESSAGE_CONTENT) == "你好呀"
    begun, ended = events[0], events[-1]
    assert (begun.thread_id, begun.run_id, begun.parent_run_id) == ("t-1", "r-1", "r-0")
    assert (ended.outcome.type, ended.usage[0].input_tokens) == ("success", 10)


async def test_a_tool_of_the_front_ends_is_called_there_and_the_next_run_goes_on(tmp_path):
    agent = {**ANSWERS, "flow": [{"type": "model", "id": "first"}, *ANSWERS["flow"]]}
    async with opened(tmp_path, says("想"), CALLS, says("看图"), agent=agent) as w:
        events = await run(w, ASKED, tools=[MAP])
        assert kinds(events) == [
            "RUN_STARTED",
            "TOOL_CALL_START",
            "TOOL_CALL_ARGS",
            "TOOL_CALL_END",
            "RUN_FINISHED",
        ]
        start, arguments = events[1], events[2]
        assert (start.tool_call_name, json.loads(arguments.delta)) == ("show_map", {"town": "北京"})
        assert events[-1].outcome.pending_tool_call_ids == [start.tool_call_id]
        function = {"name": start.tool_call_name, "arguments": arguments.delta}
        said = AssistantMessage(id="m2", tool_calls=[{"id": start.tool_call_id, "function": function}])
        shown = ToolMessage(id="m3", content="好了", tool_call_id=start.tool_call_id)
        events = await run(w, ASKED, said, shown, tools=[MAP], run_id="r-2")
    assert "".join(one.delta for one in events if one.type is EventType.TEXT_MESSAGE_CONTENT) == "看图"
    assert len(w.asked) == 3
    assert w.asked[-1][-1]["content"] == "好了"


async def test_what_a_front_end_tells_besides_is_told_as_data_and_what_it_shows_is_its_own(tmp_path):
    shown = {"id": "a1", "role": "activity", "activityType": "PLAN", "content": {"steps": []}}
    more = {"context": [{"description": "page", "value": "cart"}], "state": {"items": 2}}
    async with opened(tmp_path, says("好")) as w:
        given = run_input(ASKED, **more)
        given["messages"].insert(0, shown)
        assert (await w.http.post("/ag-ui", json=given)).status_code == 200
    told = w.asked[0][-2]
    assert (told["role"], "page: cart" in told["content"], '{"items": 2}' in told["content"]) == (
        "system",
        True,
        True,
    )
    assert len(w.asked[0]) == 3


async def test_a_run_that_fails_ends_with_an_error(tmp_path):
    async with opened(tmp_path, DOWN) as w:
        events = await run(w, ASKED)
    assert kinds(events) == ["RUN_STARTED", "RUN_ERROR"]
    assert events[-1].code == "down"


BAD = [
    ("no thread", {"threadId": ""}, "threadId"),
    ("a thread of odd signs", {"threadId": "a b"}, "threadId"),
    ("no messages", {"messages": []}, "messages"),
    ("a message that is none", {"messages": [{"role": "user", "content": 3}]}, "messages"),
    ("nothing of a person's", {"messages": [{"role": "activity"}]}, "messages"),
    ("a tool that is none", {"tools": [{"name": "取"}]}, "tools"),
    ("an answer to what nobody asked", {"resume": [{"interruptId": "x"}]}, "resume"),
    ("another agent", {}, "agent"),
]


@pytest.mark.parametrize("case", BAD, ids=lambda case: case[0])
async def test_what_is_no_run_is_refused(tmp_path, case):
    name, more, field = case
    path = "/ag-ui/other" if field == "agent" else "/ag-ui"
    async with opened(tmp_path) as w:
        response = await w.http.post(path, json={**run_input(ASKED), **more})
        w.http.headers["authorization"] = "Bearer hy-wrong"
        assert (await w.http.post("/ag-ui", json=run_input(ASKED))).status_code == 401
    assert response.status_code in (400, 404), name
    assert response.json()["error"]["message"]
    assert not w.asked
