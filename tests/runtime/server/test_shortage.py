"""What runs short is told once when it begins and once when it is over, and a moment is not told."""

import pytest

from runtime.metrics.machine import Memory
from runtime.server.shortage import MB, Shortage, readings

PLENTY = Memory(4000 * MB, 3000 * MB)


def told(*looks):
    """What the owner reads, in English."""
    said = []
    shortage = Shortage(lambda text: said.append(text.en))
    for free, memory, age in looks:
        shortage.look(readings(free * MB, 100_000 * MB, memory, age))
    return said


@pytest.mark.parametrize(
    ("looks", "begins"),
    [
        ([(50_000, PLENTY, 0)] * 5, []),
        ([(400, PLENTY, 0), (50_000, PLENTY, 0)] * 3, []),  # for a moment, again and again
        ([(400, PLENTY, 0)] * 5, ["**The disk is nearly full**: 400 MB"]),
        ([(4_900, PLENTY, 0)] * 2, ["**The disk is nearly full**: 4900 MB"]),
        (
            [(400, PLENTY, 0)] * 2 + [(5_100, PLENTY, 0)] * 3 + [(400, PLENTY, 0)],
            ["**The disk is nearly"],
        ),
        (
            [(400, PLENTY, 0)] * 2 + [(9_000, PLENTY, 0)] * 2 + [(300, PLENTY, 0)] * 2,
            ["**The disk is nearly", "There is disk space again: 9000", "**The disk is nearly full**: 300"],
        ),
        ([(50_000, Memory(4000 * MB, 90 * MB), 0)] * 3, ["**Memory is nearly used up**: 90 MB"]),
        ([(50_000, Memory(0, 0), 0)] * 3, []),  # nobody knows
        (
            [(50_000, PLENTY, 121), (50_000, PLENTY, 181), (50_000, PLENTY, 60), (50_000, PLENTY, 0)],
            ["**A message has waited 181 seconds", "What waited is answered."],
        ),
    ],
)
def test_what_is_told(looks, begins):
    said = told(*looks)
    assert [text[: len(start)] for text, start in zip(said, begins, strict=True)] == begins
