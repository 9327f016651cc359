"""Of two things at once neither outlives the first that ends."""

import asyncio

import pytest

from runtime.side_by_side import done_before


class Thing:
    """Takes some turns of the loop, or for ever, and says how it ended."""

    def __init__(self, turns, error=None):
        self.turns, self.error, self.ended = turns, error, ""

    async def work(self):
        try:
            while self.turns:
                self.turns -= 1
                await asyncio.sleep(0)
            if self.error:
                raise self.error
            self.ended = "done"
            return "told"
        except asyncio.CancelledError:
            await asyncio.sleep(0)  # it has something to put away
            self.ended = "stopped"
            raise


@pytest.mark.parametrize(
    ("work", "end", "told", "ended"),
    [
        (Thing(1), Thing(-1), "told", ("done", "stopped")),
        (Thing(-1), Thing(1), None, ("stopped", "done")),
        (Thing(1), Thing(1), "told", ("done", "done")),
        (Thing(-1), Thing(1, OSError("gone")), None, ("stopped", "")),
    ],
    ids=["work", "end", "both", "end fails"],
)
async def test_the_first_that_ends_ends_both(work, end, told, ended):
    done = await done_before(work.work(), end.work())
    assert done is None if told is None else done.result() == told
    assert (work.ended, end.ended) == ended


async def test_what_the_work_raises_is_its_result():
    end = Thing(-1)
    done = await done_before(Thing(1, OSError("broken")).work(), end.work())
    with pytest.raises(OSError, match="broken"):
        done.result()
    assert end.ended == "stopped"


async def test_who_is_called_off_leaves_nothing_behind():
    one, other = Thing(-1), Thing(-1)
    waiting = asyncio.ensure_future(done_before(one.work(), other.work()))
    for _ in range(3):
        await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (one.ended, other.ended) == ("stopped", "stopped")
