"""Addresses as they are written: which are ones, and which lead nowhere but near."""

import pytest

from runtime.network.http_address import is_near, split

GOOD = ["http://x", "https://api.example.com/v1", "http://127.0.0.1:8000", "http://[::1]:1/a?b#c", "HTTP://x"]


@pytest.mark.parametrize("url", GOOD)
def test_an_address_has_a_host_and_a_port(url):
    parts = split(url)
    assert parts.hostname
    assert parts.port in (None, 8000, 1)


WRONG = [
    "", "x", "api.example.com", "ftp://x", "http:x", "https://", "https:///v1", "http://:80", "https://x:0",
    "https://x:99999", "https://x:y", "http://[::1", "http://x y", "http://x\n/v1", "http://x\x00",
    "http://x\u3000", "http://good.example\\@evil.example/",
]  # fmt: skip


@pytest.mark.parametrize("url", WRONG, ids=repr)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ValueError, match=r".+"):
        split(url)


NEAR = [
    "localhost", "a.localhost", "vllm", "nas.local", "NAS.Local", "nas.local.", "pc.lan", "x.internal",
    "x.home", "x.corp", "x.intranet", "x.localdomain", "127.0.0.1", "127.1", "2130706433", "0x7f.1",
    "10.0.0.9",
    "192.168.1.5", "100.64.0.1", "::1", "[::1]", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.9",
    "169.254.169.254",
]  # fmt: skip
FAR = [
    "api.example.com", "local.example.com", "mylan.com", "8.8.8.8", "134744072", "2606:4700::1111",
    "::ffff:8.8.8.8", "256.1.1.1",
]  # fmt: skip


@pytest.mark.parametrize(("host", "near"), [(h, True) for h in NEAR] + [(h, False) for h in FAR])
def test_near_is_this_machine_and_its_network_in_every_spelling(host, near):
    assert is_near(host) is near
