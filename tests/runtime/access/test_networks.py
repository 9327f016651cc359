"""Who is counted as one."""

import pytest

from runtime.access.networks import address_of


@pytest.mark.parametrize(
    ("client", "name"),
    [
        (("203.0.113.7", 1), "203.0.113.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("2001:db8:1:2::9", 1), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 1), "fe80::/64"),
        (("::ffff:203.0.113.7", 1), "203.0.113.7"),
        (("::ffff:cb00:7108", 1), "203.0.113.8"),
        (("unix", 1), "unix"),
        (None, ""),
    ],
)
def test_an_ipv6_network_counts_as_one(client, name):
    assert address_of(client) == name
