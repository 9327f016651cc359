"""What litellm's process logs is of the message that was asked for, as all other lines are."""

import json
import logging

import pytest
from test_child import playing, until

from runtime.knowledge.search.child import ChildGone, SearchChild
from runtime.log_id import ABOUT, about, outliving
from runtime.server.logs import AsJson

__all__ = ["playing"]  # a fixture
NONSENSE = "import socket, sys; socket.socket(fileno=int(sys.argv[1])).sendall(b'nonsense\\n')"


class Lines(logging.Handler):
    """By the words: the message's number, 0 for none."""

    def __init__(self):
        super().__init__()
        self.setFormatter(AsJson())
        self.told = {}

    def emit(self, record):
        line = json.loads(self.format(record))
        self.told.setdefault(line["says"], []).append(line.get("message", 0))


@pytest.fixture
def lines():
    one = Lines()
    logging.getLogger().addHandler(one)
    yield one.told
    logging.getLogger().removeHandler(one)


async def test_each_line_has_the_number_of_its_message_and_one_of_nobodys_has_none(playing, lines):
    async with playing() as way:
        for seq in (7, 8):
            with about(seq):
                await way.ask("logs")
        await way.ask("logs")
        await until(lambda: len(lines.get("written by something else", ())) == 3)
    assert lines["LiteLLM: their server said:"] == [7, 8, 0]
    forged = [words for words in lines if words.endswith("not of that one")]
    assert {seq for words in forged for seq in lines[words]} == {7, 8, 0}
    assert lines["written by something else"] == [0, 0, 0]


async def test_what_lives_on_is_not_of_the_message_that_began_it(playing, lines):
    async with playing() as way:
        with about(7):
            await way.ask()
        (await way.children.take()).kill()
        await until(lambda: way.pid is None)
    child = SearchChild(["-c", NONSENSE])
    with about(7), pytest.raises(ChildGone):
        await child.ask({"do": "hello"})
    await child.close()
    assert [seq for words, seqs in lines.items() for seq in seqs if "ended" in words] == [0, 0]
    with about(7):
        assert await outliving(_number()) == 0


async def _number():
    return ABOUT.get()


async def test_how_often_it_was_begun_is_known_and_whether_it_is_there(playing):
    async with playing() as way:
        assert (way.process.is_there, way.process.starts) == (False, 0)
        await way.ask()
        assert (way.process.is_there, way.process.starts) == (True, 1)
        (await way.children.take()).kill()
        await until(lambda: not way.process.is_there)
        await way.ask()
        assert (way.process.is_there, way.process.starts) == (True, 2)
