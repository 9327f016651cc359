"""What is no number is no place in a list, wherever a path comes from outside: it is not there."""

import pytest

from runtime.agents.agent import Agent
from runtime.agents.edits.place import path_of
from runtime.agents.places import where
from runtime.elsewhere._words import reach
from runtime.errors import BadAgent
from runtime.openapi.document import Document
from runtime.testing.answer_checks import Json
from runtime.testing.seen import Seen
from runtime.turn.events import Replied
from runtime.wellformed import in_list

ODD = ["9" * 5000, "\u00b2", "\u0663", "\u2460", "-1", "1_0", " 1", "", "1.0"]
"""Python calls the second to fourth digits."""
BY_NAME = ["many nines", "square", "arabic", "circled", "negative", "underlined", "blank", "none", "float"]


def document(**data):
    return Document({"openapi": "3.0.0", "paths": {"/x": {}}, **data})


AGENT = Agent.load({"id": "a", "name": "a", "flow": [{"type": "reply", "id": "say", "text": "x"}]})


@pytest.mark.parametrize("odd", ODD, ids=BY_NAME)
async def test_it_is_not_there(odd):
    assert in_list(odd) is None
    with pytest.raises(BadAgent):
        path_of({"flow": [1, 2]}, f"flow.{odd}")
    where(AGENT, f"flow.{odd}.text")
    reach("x", [odd])
    assert document(a=[1, 2], b={}).at(f"#/a/{odd}") is None
    assert document(a=[1, 2], b={}).at(f"#/b/{odd}") is None
    check = Json(type="json", path=f"a.{odd[:150]}" if odd else "a", equals=7)
    assert not (await check.judge(Seen("x", [Replied('{"a": [1, 2]}', 0)], 0.1), None)).ok


def test_what_is_one_is_found():
    assert (in_list("0"), in_list("12")) == (0, 12)
    assert path_of({"flow": [1, 2]}, "flow.1") == ("flow", 1)
    assert reach("x", ["1"]) == "x[1]"
    assert document(a=[1, 2]).at("#/a/1") == 2
    assert document(a={200: "ok"}).at("#/a/200") == "ok"
