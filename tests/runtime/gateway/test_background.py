"""What goes on beside the answering: what must go on does, and what is told to end ends."""

import asyncio

import pytest

from runtime.errors import StoreFailed
from runtime.gateway.background import Background
from runtime.lang import Text

REFUSED = StoreFailed(Text("磁盘拒绝了。", "The disk refused."))


@pytest.mark.parametrize("failure", [REFUSED, OSError(24, "Too many open files"), KeyError("a bug")])
async def test_a_watch_that_fails_is_begun_anew(failure):
    background, failures, done = Background(), [failure, failure], asyncio.Event()

    async def watch():
        if failures:
            raise failures.pop()
        done.set()

    background.keep(watch)
    async with asyncio.timeout(60):
        await done.wait()
    await background.end()
    assert failures == []


async def test_a_task_that_does_not_hear_that_it_is_to_end_is_told_again():
    background, told, began = Background(), [], asyncio.Event()

    async def deaf():
        while True:
            try:
                began.set()
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                told.append("once more")
                if len(told) == 2:
                    raise

    background.start(deaf())
    await began.wait()
    async with asyncio.timeout(60):
        await background.end()
    assert len(told) == 2
