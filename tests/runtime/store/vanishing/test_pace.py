"""So many in a span of time, and not one more."""

from dataclasses import dataclass

import pytest

from runtime.store.vanishing.pace import Pace


def taken(at, most=3, seconds=60, name="a", pace=None):
    """For each moment, whether one was taken."""
    pace = pace or Pace()
    return [pace.take(name, most, seconds, moment) == 0 for moment in at]


def test_a_large_share_counts_as_many_small_ones_and_one_that_is_too_large_never_comes():
    pace = Pace()
    assert pace.take("a", 10, 60, 0, 6) == 0
    assert pace.take("a", 10, 60, 0, 6) == pytest.approx(12)
    assert pace.take("a", 10, 60, 12, 6) == 0
    assert pace.take("b", 10, 60, 0, 11) > 0


@dataclass(frozen=True)
class Case:
    id: str
    at: list
    taken: list


CASES = [
    Case("all at once", [0, 0, 0, 0, 0], [True, True, True, False, False]),
    Case("evenly for ever", list(range(0, 400, 20)), [True] * 20),
    Case(
        "one comes back after its share of the span",
        [0, 0, 0, 19, 20, 20],
        [True, True, True, False, True, False],
    ),
    Case("all come back after the span", [0, 0, 0, 60, 60, 60, 60], [True] * 6 + [False]),
    Case("a clock set back an hour", [9000, 9000, 9000, 5400, 5460], [True, True, True, False, True]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_who_may(case):
    assert taken(case.at) == case.taken


def test_it_says_how_long_to_wait_and_that_is_true():
    pace = Pace()
    taken([0, 0, 0], pace=pace)
    assert pace.take("a", 3, 60, 5) == pytest.approx(15)
    assert pace.take("a", 3, 60, 20) == 0


def test_people_do_not_spend_each_others_share():
    pace = Pace()
    taken([0, 0, 0], pace=pace)
    assert pace.take("b", 3, 60, 0) == 0


def test_any_number_of_names_takes_bounded_memory():
    many = Pace(most_names=100)
    for number in range(1000):
        many.take(str(number), 3, 60, number / 1000)
    assert len(many._next) <= 100
