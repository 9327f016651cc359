"""How often something may be tried."""

import pytest

from runtime.access.limiter import MOST_NAMES, Limiter, address_of


def test_after_the_limit_one_waits_until_the_first_failure_is_old():
    limiter = Limiter(limit=3, window=100)
    for at in (0, 10, 20):
        assert limiter.wait("a", at) == 0
        limiter.count("a", at)
    assert limiter.wait("a", 30) == 70
    assert limiter.wait("a", 100) == 0
    limiter.count("a", 100)
    assert limiter.wait("a", 101) == 9


def test_names_are_told_apart_and_forgiven():
    limiter = Limiter(limit=1)
    limiter.count("a", 0)
    assert limiter.wait("b", 0) == 0
    limiter.forgive("a")
    assert limiter.wait("a", 0) == 0


def test_memory_is_bounded():
    limiter = Limiter()
    for name in range(MOST_NAMES + 500):
        limiter.count(str(name), 0)
    assert len(limiter._failures) == MOST_NAMES


@pytest.mark.parametrize(
    ("client", "name"),
    [
        (("203.0.113.7", 1), "203.0.113.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("2001:db8:1:2::9", 1), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 1), "fe80::/64"),
        (("unix", 1), "unix"),
        (None, ""),
    ],
)
def test_an_ipv6_network_counts_as_one(client, name):
    assert address_of(client) == name
