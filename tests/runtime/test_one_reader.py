"""A queue of one reader does what asyncio's own would."""

import asyncio

import pytest

from runtime.one_reader import OneReader


async def test_what_was_put_is_given_in_order_also_to_who_waits_for_it():
    queue = OneReader[int]()
    reader = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    queue.put_nowait(1)
    queue.put_nowait(2)
    assert await reader == 1
    assert not queue.empty()
    assert (await queue.get(), queue.empty()) == (2, True)


async def test_a_reader_that_was_called_off_loses_nothing():
    queue = OneReader[int]()
    reader = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    reader.cancel()
    queue.put_nowait(1)
    with pytest.raises(asyncio.CancelledError):
        await reader
    assert await queue.get() == 1
