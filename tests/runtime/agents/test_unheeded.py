"""A tool that changes something elsewhere fails, and the person is not told that it was done."""

import pytest

from runtime.agents.agent import Agent
from runtime.agents.unheeded import unheeded

SEND = {
    "type": "tool",
    "id": "send",
    "tool": {"type": "http_request", "name": "order", "method": "POST", "url": "https://example.com/"},
}
LOOK = {**SEND, "tool": {**SEND["tool"], "method": "GET"}}
SAY = {"type": "reply", "id": "say", "text": "约好了"}


def says(text):
    return {**SAY, "text": text}


def when(condition):
    return {
        "type": "branch",
        "id": "way",
        "cases": [{"title": "一", "when": condition, "flow": [{**SAY, "id": "no"}]}],
    }


TABLE = [
    ("the flow goes on", [SEND, SAY], ["flow.0"]),
    ("only its result is told", [SEND, says("{{ send.result }}")], ["flow.0"]),
    ("who heeds it is switched off", [SEND, {**when("send.failed"), "disabled": True}, SAY], ["flow.0"]),
    ("another one's is heeded", [SEND, {**SEND, "id": "also"}, says("{{ also.error }}")], ["flow.0"]),
    ("within a case", [{**when("true"), "cases": [{"title": "一", "when": "true", "flow": [SEND]}]}, SAY],
     ["flow.0.cases.0.flow.0"]),
    ("it has a way of its own", [{**SEND, "otherwise": [{**SAY, "id": "sorry"}]}, SAY], []),
    ("a case asks whether it failed", [SEND, when("not send.failed"), says("好")], []),
    ("why is told", [SEND, says("{{ send.error or '约好了' }}")], []),
    ("all that it came to is told", [SEND, says("{{ send }}")], []),
    ("it only looks", [LOOK, SAY], []),
    ("what is broken is told of elsewhere", [LOOK, says("{{ send.error")], []),
]  # fmt: skip


@pytest.mark.parametrize(("flow", "fields"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_fails_unheeded_is_found(flow, fields):
    agent = Agent.load({"format": 1, "id": "shop", "name": "店", "flow": flow})
    assert [field for field, _, _ in unheeded(agent)] == fields
