"""Whether an agent is said to answer where people come to us by themselves, whatever is pushed beside."""

import time
from types import SimpleNamespace

import pytest
from builder_world import add

from builder.actions import publish
from runtime.access.actor import OWNER
from runtime.channels import registry
from runtime.checkup import attempts

ACCOUNT = {"app_id": "wx1234567890abcdef", "app_secret": "s" * 32}
PUSHED = {"token": "hongyantoken", "mode": "plain"}


@pytest.mark.parametrize("pushed", [{}, PUSHED])
def test_it_answers_whether_or_not_the_platform_called(studio, pushed):
    add(studio)
    publish.set_public_url(studio, OWNER, "https://bot.example")
    notice = publish.go_live(studio, OWNER, "shop", "miniprogram", {**ACCOUNT, **pushed})
    [seen] = publish.overview(studio, OWNER, "shop")["publications"]
    assert "from now on" in notice.text.en
    assert (seen["reached"], seen["called"]) == (True, bool(pushed))
    assert seen["state"]["title"]["en"] == "Connected"
    assert any(line["name"] == "token" for line in seen["to_copy"]) == bool(pushed)
    studio.doctor.saw(seen["id"], "verified", "", time.time())
    assert ("verified" in publish.state(studio, OWNER, seen["id"])["title"]["en"]) == bool(pushed)


@pytest.mark.parametrize("pushed", [{}, PUSHED])
def test_what_no_platform_calls_is_not_looked_into(pushed):
    kind = registry()["miniprogram"]
    patient = SimpleNamespace(channel=kind(kind.Settings(**ACCOUNT, **pushed)))
    assert attempts.verifies(patient) == bool(pushed)
