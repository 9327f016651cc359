"""How long an access token is used."""

import pytest

from runtime.channels import AccessToken
from runtime.gateway.delivery.tokens import RENEWED, Tokens
from runtime.metrics.metrics import Metrics
from set_clock import Clock


class Platform:
    account = "wx1"

    def __init__(self, life):
        self.life = life
        self.fetched = 0

    async def fetch(self):
        self.fetched += 1
        return AccessToken(f"T{self.fetched}", self.life)


@pytest.mark.parametrize(
    ("life", "used"),
    [(7200, 6900), (700, 400), (500, 250), (100, 50), (1, 1), (0, 1)],
    ids=["a usual one", "short", "shorter than twice the margin", "within the margin", "a second", "none"],
)
async def test_a_token_is_replaced_before_its_end_but_not_at_every_call(life, used):
    clock, platform = Clock(), Platform(life)
    tokens = Tokens(Metrics(), clock)
    assert not tokens.has(platform)
    assert await tokens.get(platform, platform.fetch) == "T1"
    clock.now += used - 0.1
    assert tokens.has(platform)
    assert await tokens.get(platform, platform.fetch) == "T1"
    clock.now += 0.2
    assert not tokens.has(platform)
    assert await tokens.get(platform, platform.fetch) == "T2"


async def test_a_token_that_was_just_renewed_and_is_refused_again_is_not_renewed_for_each_who_says_so():
    clock, platform = Clock(), Platform(7200)
    platform.fetch = same = lambda: answered(platform)
    tokens = Tokens(Metrics(), clock)
    await tokens.get(platform, same)
    for _ in range(3):
        await tokens.get(platform, same, stale="T")
    assert platform.fetched == 2
    clock.now += RENEWED + 1
    await tokens.get(platform, same, stale="T")
    assert platform.fetched == 3


async def answered(platform):
    platform.fetched += 1
    return AccessToken("T", platform.life)
