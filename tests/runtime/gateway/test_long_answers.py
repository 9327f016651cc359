"""A long answer holds nobody else up: not while it grows, and not when it is made what its surface shows."""

import threading
from types import SimpleNamespace

import pytest
from world import Account, Plain, world

from cost import cpu_seconds
from runtime import channels
from runtime.channels import Drafts, Edits, Streams
from runtime.gateway.growing import Growing, so_far
from runtime.gateway.shown import SHORT
from runtime.turn.events import TextDelta, TextReset
from script import says

HARD = "| a " * 20_000 + "*_" * 30_000 + "[" * 60_000
GROW = sorted(
    name for name, kind in channels.registry().items() if issubclass(kind, Streams | Drafts | Edits)
)


class Bubble(Growing):
    def __init__(self, *events):
        super().__init__(None, frozenset({"answer"}), 0.0)
        for event in events:
            self.events.put_nowait(event)


@pytest.mark.parametrize("name", GROW)
@pytest.mark.parametrize("text", [HARD, "很长的一段话，说了又说。\n" * 30_000], ids=["signs", "words"])
def test_each_look_at_one_that_grows_costs_what_a_bubble_holds(name, text):
    kind, given = channels.registry()[name], []

    def render(markdown):
        given.append(len(markdown))
        return kind.render(markdown)

    surface = SimpleNamespace(channel=SimpleNamespace(render=render, limits=kind.limits))
    shown = so_far(surface, Bubble(TextDelta("answer", text)), whole=True)
    assert given[0] < len(text) / 2
    assert shown == kind.render(text[: given[0] + 10_000])[0]


def test_a_hundred_thousand_pieces_are_put_together_once():
    pieces = [TextDelta("answer", "字") for _ in range(100_000)]
    assert cpu_seconds(lambda: len(Bubble(*pieces).text()), enough=1.0) < 1.0
    grown = Bubble(*pieces[:3], TextReset("other"), TextReset("answer"), TextDelta("answer", "好"))
    assert grown.text() == "好"
    grown.events.put_nowait(TextDelta("answer", "的"))
    assert grown.text() == "好的"


@pytest.mark.parametrize("length", [SHORT, SHORT + 1])
async def test_a_long_one_is_made_what_its_surface_shows_beside_the_loop(tmp_path, length):
    where = []

    class Watched(Plain):
        @classmethod
        def render(cls, markdown):
            where.append(threading.current_thread() is threading.main_thread())
            return [markdown]

    async with world(tmp_path, says("字" * length), account=Account(can_push=False), kind=Watched) as w:
        assert len(await w.push()) > length
    assert where == [length <= SHORT]
