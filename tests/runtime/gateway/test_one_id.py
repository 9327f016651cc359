"""What is logged of a message has its number, wherever on its way it is logged."""

import json
import logging

import pytest
from world import world

from runtime.errors import ModelFailed
from runtime.lang import Text
from runtime.log_id import ABOUT
from runtime.server.logs import FORMAT, AsJson, OneLine
from script import says

DOWN = ModelFailed(Text("坏了", "it is down"), code="server")


class Held(logging.Handler):
    def __init__(self, formatter):
        super().__init__()
        self.setFormatter(formatter)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture
def held(request):
    one = Held(request.param)
    logging.getLogger("runtime").addHandler(one)
    yield one
    logging.getLogger("runtime").removeHandler(one)


@pytest.mark.parametrize("held", [AsJson()], indirect=True)
async def test_a_line_says_of_which_message_it_is(tmp_path, held):
    async with world(tmp_path, says("好"), DOWN) as w:
        for n in (1, 2):
            await w.push(id=f"m{n}", **{"from": f"u{n}"})
        await w.come_to("delivered", "delivered")
    about = [line for line in map(json.loads, held.lines) if line.get("message")]
    assert {line["message"] for line in about} == {2}
    assert "it is down" in about[0]["says"]
    assert ABOUT.get() == 0


@pytest.mark.parametrize("held", [OneLine(FORMAT)], indirect=True)
async def test_a_line_for_people_says_so_too(tmp_path, held):
    async with world(tmp_path, DOWN) as w:
        await w.push()
        await w.come_to("delivered")
    assert any(line.endswith("[message 1]") for line in held.lines)
