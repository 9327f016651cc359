"""Who is failing just now, told until the next answer."""

import asyncio

import pytest

from runtime.lang import Text
from runtime.store.messages.failing import said
from runtime.store.messages.insights import Insights
from runtime.store.messages.messages import Messages, Outcome
from script import wrote

pytestmark = pytest.mark.usefixtures("engine")

NOW = 1_000_000.0
WHY = Text("模型没有回应。", "The model did not answer.")


@pytest.fixture
def failing(tmp_path):
    messages = Messages(tmp_path / "messages.db")

    async def play(outcomes):
        for i, (publication, outcome) in enumerate(outcomes):
            accepted = await messages.accept(publication, wrote(id=f"{i}"), NOW + i)
            if outcome == "shed":
                await messages.shed(accepted.seq, "x", NOW + i)
                continue
            failure = "" if outcome == "ok" else outcome
            await messages.finish(accepted.seq, Outcome("x", 1, failure, WHY), [], NOW + i, "answered")
            await messages.mark(accepted.seq, "delivered")

    def look(outcomes):
        asyncio.run(play(outcomes))
        return {
            found.publication: (found.count, found.since - NOW)
            for found in Insights(tmp_path / "messages.db").failing(NOW + 100)
        }

    yield look
    messages.close()


@pytest.mark.parametrize(
    ("outcomes", "found"),
    [
        ([("p", "ok")], {}),
        ([("p", "down")], {"p": (1, 0)}),
        ([("p", "ok"), ("p", "down"), ("p", "timeout")], {"p": (2, 1)}),
        ([("p", "down"), ("p", "ok")], {}),
        ([("p", "down"), ("q", "ok")], {"p": (1, 0)}),
        ([("p", "down"), ("p", "shed")], {"p": (1, 0)}),
        ([], {}),
    ],
)
def test_a_publication_fails_until_its_next_answer(outcomes, found, failing):
    assert failing(outcomes) == found


def test_it_is_said_in_both_languages(tmp_path):
    messages = Messages(tmp_path / "messages.db")

    async def play():
        accepted = await messages.accept("p", wrote(), NOW)
        await messages.finish(accepted.seq, Outcome("x", 1, "down", WHY), ["x"], NOW, "answered")
        await messages.mark(accepted.seq, "delivered")

    asyncio.run(play())
    messages.close()
    [found] = Insights(tmp_path / "messages.db").failing(NOW + 1)
    assert "模型没有回应" in said(found).zh
    assert "did not answer" in said(found).en


def test_before_the_first_message_nothing_fails(tmp_path):
    assert Insights(tmp_path / "messages.db").failing(NOW) == ()
