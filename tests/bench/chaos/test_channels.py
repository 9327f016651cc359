"""The gateway is killed on surfaces other than the Official Account: what it took is answered once."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.chaos.channels import crowds, play
from runtime.channels import is_for_people, registry

pytestmark = pytest.mark.timeout(120)

TESTS = Path(__file__).parents[2]
DIED = "test_what_was_stored_and_not_acknowledged_when_we_died_is_answered_once"
ELSEWHERE = {
    "wechat_component": ("runtime/simulator/test_component_killed.py", "test_a_death_loses_no_consent"),
    "web": (
        "runtime/server/people/test_killed_between.py",
        "test_who_sends_the_same_again_is_answered_once_and_still_signed_in",
    ),
    "websocket": ("runtime/network/test_socket_line.py", DIED),
    "email": ("runtime/network/test_letters.py", "test_who_wrote_before_we_died_is_answered_once"),
    "xmpp": ("runtime/channels/test_xmpp.py", DIED),
    "mqtt": ("runtime/network/test_mqtt_broker.py", DIED),
}
"""Where no platform is played: by which test of its own each is killed."""


def test_every_surface_on_which_people_write_can_be_killed_on():
    played = {crowd.channel for crowd in crowds()}
    assert {name for name, kind in registry().items() if is_for_people(kind)} == played | ELSEWHERE.keys()
    for file, test in ELSEWHERE.values():
        assert f"def {test}(" in (TESTS / file).read_text(encoding="utf-8")


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
