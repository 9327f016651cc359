"""A platform may tell anything in any place: it is read or refused, and nothing else comes of it."""

import itertools
import math

import pytest
from test_contract import OWN, TABLES, can

from runtime import wellformed
from runtime.channels import Connects, Receives
from runtime.errors import Refused

TEXTS = ["[(\\²", "", "9" * 390, "x" * 6000, '{"a":[1]}', "a/b c\n", "nan", f"&#{'9' * 5000};"]
OTHERS = [None, [], {}, 10**299, -1, 1e308, True, [[1]], {"x": [1]}, "7"]


def places(told, at=()):
    yield at, told
    inner = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    for name, one in inner:
        yield from places(one, (*at, name))


def changed(told, at, value):
    if not at:
        return value
    copy = dict(told) if isinstance(told, dict) else list(told)
    copy[at[0]] = changed(copy[at[0]], at[1:], value)
    return copy


class Odd:
    """Reads JSON, of which the `at`th text has `value` in one place."""

    def __init__(self, load):
        self.load, self.read, self.change = load, [], None

    def __call__(self, content, **bounds):
        told, number = self.load(content, **bounds), len(self.read)
        self.read.append(told)
        if self.change and self.change[0] == number:
            return changed(told, *self.change[1:])
        return told


def each_place(odd, run):
    """With every text in what is read replaced by each of TEXTS, and all else by one or two of OTHERS."""
    run()
    given, others = odd.read, itertools.cycle(OTHERS)
    for number, told in enumerate(given):
        for at, old in places(told):
            values = [*TEXTS, next(others)] if isinstance(old, str) else [next(others), next(others)]
            for value in values:
                odd.read, odd.change = [], (number, at, value)
                run()


def sound(message):
    assert isinstance(message.text, str)
    assert message.sender
    assert len(message.sender) < 600
    assert isinstance(message.id, str)
    assert math.isfinite(message.at)
    assert all(isinstance(one, str) for one in message.handle.values())


@pytest.fixture
def odd(monkeypatch):
    made = Odd(wellformed.load)
    monkeypatch.setattr(wellformed, "load", made)  # behind its signature, whoever makes that
    return made


def all_that(ability):
    return pytest.mark.parametrize("name", [one for one in TABLES if one not in OWN and can(one, ability)])


@all_that(Receives)
def test_a_call_with_anything_in_any_place_is_read_or_refused(odd, name):
    for row in TABLES[name].incoming:
        odd.read, odd.change = [], None
        each_place(odd, lambda row=row: comes(TABLES[name], row))


@all_that(Connects)
def test_a_frame_with_anything_in_any_place_is_read_or_refused(odd, name):
    for row in TABLES[name].linked:
        odd.read, odd.change = [], None
        each_place(odd, lambda row=row: happens(TABLES[name], row))


def comes(tables, row):
    try:
        arrivals = tables.channel.receive(row.request, tables.now)
    except Refused:
        return
    for message in arrivals.messages:
        sound(message)


def happens(tables, row):
    link = tables.channel.link()
    for one in row.happens:
        try:
            step = told(link, one, tables.now)
        except Refused:
            continue
        for message in step.messages if step else ():
            sound(message)
        assert math.isfinite(link.tick_at)


def told(link, one, now):
    known = {"opened": link.opened, "tick": link.tick}
    if one == "closed":
        link.closed(now)
        return None
    return known[one](now) if one in known else link.frame(one, now)
