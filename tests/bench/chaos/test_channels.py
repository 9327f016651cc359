"""The gateway is killed on surfaces other than the Official Account: what it took is answered once."""

from dataclasses import replace

import pytest

from bench.chaos.channels import crowds, play
from runtime.channels import is_for_people, registry

pytestmark = pytest.mark.timeout(120)


def test_every_surface_on_which_people_write_can_be_killed_on():
    played = {crowd.channel for crowd in crowds()}
    elsewhere = {
        "wechat_component",  # is called like the Official Account
        *("web", "miniprogram"),  # who comes by themselves sends the same again: people/test_killed_between
        *("webhook", "websocket", "email", "xmpp", "mqtt"),  # in their own tests
    }
    assert {name for name, kind in registry().items() if is_for_people(kind)} == played | elsewhere


async def test_killed_over_a_connection_it_answers_what_it_took_once(tmp_path):
    async def trouble(running):
        await running.pause(1.2, 1.2)
        running.kill()
        await running.start()

    bot = next(crowd for crowd in crowds() if crowd.channel == "wecom_bot")
    outcome = await play(replace(bot, trouble=trouble, messages=16, rate=8.0), tmp_path, seed=1)
    assert outcome.broken == ()
    assert outcome.kills == 1
    gone = outcome.problems.total()
    assert outcome.verdict.answered == 16 - gone
