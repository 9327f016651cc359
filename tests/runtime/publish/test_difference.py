"""What is said of two versions is what Wilson and Fisher computed, and nothing where it may be chance."""

import pytest

from runtime.publish.difference import chance_of, range_of, told


@pytest.mark.parametrize(
    ("some", "all", "low", "high"),
    [(0, 10, 0, 0.2775), (7, 7, 0.6457, 1), (15, 148, 0.0624, 0.1605), (0, 0, 0, 1)],
)
def test_the_range_is_wilsons(some, all, low, high):
    assert range_of(some, all) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("table", "p"),
    [
        ((3, 4, 1, 4), 0.4857),  # Fisher's lady tasting tea
        ((1, 10, 11, 14), 0.0028),  # R's fisher.test(matrix(c(1, 9, 11, 3), 2))
        ((5, 10, 5, 10), 1),
        ((0, 1000, 200, 1000), 0),
    ],
)
def test_the_chance_is_fishers(table, p):
    assert chance_of(*table) == pytest.approx(p, abs=5e-5)


def side(version, messages, failed, good=0, bad=0):
    return {"version": version, "messages": messages, "failed": failed, "good": good, "bad": bad}


@pytest.mark.parametrize(
    ("ours", "theirs", "says", "not_said"),
    [
        (side(3, 7, 7), side(1, 100, 1), "v3 has more; by chance", "No difference"),
        (side(3, 400, 1), side(1, 400, 40), "v3 has fewer; by chance", "No difference"),
        (side(3, 40, 3), side(1, 400, 10), "No difference can be told yet", "by chance that"),
        (side(3, 5, 0, 9, 1), side(1, 9, 0, 10, 30), "Thumbs down: v3 1 of 10", "nothing"),
    ],
)
def test_it_is_said_plainly(ours, theirs, says, not_said):
    text = told([ours, theirs]).to("en")
    assert says in text
    assert not_said not in text
    assert "碰巧" in told([ours, theirs]).to("zh")


def test_nothing_is_said_of_a_version_that_nobody_asked():
    assert told([side(3, 0, 0), side(1, 9, 0)]).to("en") == ""
