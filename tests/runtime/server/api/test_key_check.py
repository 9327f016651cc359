"""Who guesses keys is slowed down by the time that passes, at whichever instance."""

from types import SimpleNamespace

import pytest
from starlette.requests import Request

from runtime.errors import Refused, TooMany
from runtime.server.api.key_check import MEGABYTE, MOST_WRONG, WRONG, KeyCheck
from runtime.store.control.control import Control
from runtime.store.vanishing.memory import InMemory


@pytest.fixture
def nobody(tmp_path):
    """A home in which there is no key."""
    return Control.in_folder(tmp_path)


async def guess(keys):
    headers = [(b"authorization", b"Bearer hy-guessed")]
    with pytest.raises(Refused) as caught:
        await keys.key(Request({"type": "http", "headers": headers, "client": ("203.0.113.9", 1)}))
    return caught.value.code


async def test_wrong_keys_are_counted_for_a_while_at_all_instances_together(nobody):
    now = [1000.0]
    shared = InMemory(lambda: now[0])
    each = [KeyCheck(nobody, shared) for _ in range(2)]
    found = [await guess(each[number % 2]) for number in range(MOST_WRONG + 1)]
    assert found == ["bad_key"] * MOST_WRONG + ["too_often"]
    now[0] += WRONG - 1
    assert await guess(each[0]) == "too_often"
    now[0] += 1
    assert await guess(each[1]) == "bad_key"


async def test_a_clock_that_is_set_forward_lets_nobody_in(nobody, monkeypatch):
    keys = KeyCheck(nobody, InMemory())
    for _ in range(MOST_WRONG):
        await guess(keys)
    monkeypatch.setattr("time.time", lambda: 9e12)
    assert await guess(keys) == "too_often"


async def test_what_a_key_sends_in_a_day_is_weighed_at_all_instances_together(nobody):
    shared, key = InMemory(), SimpleNamespace(id="k", megabytes_per_day=2)
    one, other = KeyCheck(nobody, shared), KeyCheck(nobody, shared)
    await one.weigh(key, MEGABYTE)
    await other.weigh(key, MEGABYTE)
    with pytest.raises(TooMany):
        await one.weigh(key, MEGABYTE)
