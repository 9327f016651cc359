"""Who guesses keys is slowed down by the time that passes, whatever the clock on the wall says."""

from collections.abc import Mapping

import pytest
from starlette.requests import Request

from runtime.access.limiter import LIMIT, WINDOW, Limiter
from runtime.errors import Refused
from runtime.server.api.key_check import KeyCheck


class Nobody:
    """A control store without keys."""

    keys: Mapping = {}


def guess(keys):
    headers = [(b"authorization", b"Bearer hy-guessed")]
    with pytest.raises(Refused) as caught:
        keys.key(Request({"type": "http", "headers": headers, "client": ("203.0.113.9", 1)}))
    return caught.value.code


def test_wrong_keys_are_counted_for_a_while():
    now = [1000.0]
    keys = KeyCheck(Nobody(), Limiter(), clock=lambda: now[0])
    assert [guess(keys) for _ in range(LIMIT + 1)] == ["bad_key"] * LIMIT + ["too_often"]
    now[0] += WINDOW - 1
    assert guess(keys) == "too_often"
    now[0] += 1
    assert guess(keys) == "bad_key"


def test_a_clock_that_is_set_forward_lets_nobody_in(monkeypatch):
    keys = KeyCheck(Nobody(), Limiter())
    for _ in range(LIMIT):
        guess(keys)
    monkeypatch.setattr("time.time", lambda: 9e12)
    assert guess(keys) == "too_often"
