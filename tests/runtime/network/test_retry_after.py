"""For how long a server asks to be left alone."""

import math

import pytest

from runtime.network.platform_answer import LONGEST_WAIT, wait_of
from runtime.network.retry_after import asked_wait

DATE = "Wed, 21 Oct 2026 07:28:00 GMT"
LATER = "Wed, 21 Oct 2026 07:28:30 GMT"


@pytest.mark.parametrize(
    ("said", "date", "seconds"),
    [
        ("30", "", 30.0),
        (" 1.5 ", "", 1.5),
        ("0", "", 0.0),
        ("-5", "", 0.0),
        (LATER, DATE, 30.0),
        (DATE, LATER, 0.0),
        (LATER, "", None),
        (LATER, "yesterday", None),
        ("soon", DATE, None),
        ("30, 60", "", None),
        ("1e999", "", math.inf),
        ("nan", "", None),
        ("9" * 5000, "", math.inf),
        ("", "", None),
    ],
)
def test_seconds_or_a_moment_of_its_own_clock(said, date, seconds):
    assert asked_wait({"retry-after": said, **({"date": date} if date else {})}) == seconds


def test_nobody_is_left_alone_for_ever():
    assert wait_of({"retry-after": "1e999"}) == LONGEST_WAIT
    assert wait_of({}) == 0.0
