"""What was stopped wrongly passes from now on, and nothing else does."""

import pytest
from builder_world import ASK, add

from builder.actions import safety
from builder.actions.safety_exceptions import add_exception
from runtime.access.actor import OWNER
from runtime.errors import BadAgent, Invalid

LISTED = {"type": "words", "words": ["赌博", "毒品"]}


def checked(studio, *checks):
    add(studio, ASK, safety={"checks": list(checks)})


async def stops(studio, text):
    return (await safety.try_text(studio, "shop", "in", text))["action"] == "block"


async def test_just_that_passes_from_now_on(studio):
    checked(studio, LISTED, {"type": "injection"}, {**LISTED, "words": ["赌博", "!赌博论"]})
    assert await stops(studio, "反对赌博的活动")
    notice = add_exception(studio, OWNER, "shop", "  反对赌博的 ")
    assert "反对赌博的" in notice.text.zh
    assert not await stops(studio, "反对赌博的活动")
    assert await stops(studio, "来赌博")
    checks = studio.library.get("shop").agent.safety.checks
    assert [getattr(one, "words", None) for one in checks] == [
        ["赌博", "毒品", "!反对赌博的"],
        None,
        ["赌博", "!赌博论", "!反对赌博的"],
    ]


@pytest.mark.parametrize(
    ("checks", "text"),
    [
        ([LISTED], ""),
        ([LISTED], "!"),
        ([LISTED], "你好"),
        ([LISTED], "反对赌博" * 20),
        ([{"type": "injection"}], "反对赌博"),
        ([{"type": "words", "words": ["!好", "x"], "places": ["in"]}], "反对赌博"),
    ],
)
def test_what_is_no_exception_is_refused_and_changes_nothing(studio, checks, text):
    checked(studio, *checks)
    before = studio.library.get("shop").revision
    with pytest.raises(Invalid) as refused:
        add_exception(studio, OWNER, "shop", text)
    assert refused.value.field == "text"
    assert studio.library.get("shop").revision == before


def test_changes_that_wait_are_not_lost(studio):
    checked(studio, LISTED)
    opened = studio.library.open("shop")
    studio.library.keep_draft("shop", {**opened.data, "name": "店二"}, opened.revision)
    with pytest.raises(BadAgent):
        add_exception(studio, OWNER, "shop", "反对赌博")
    assert studio.library.open("shop").data["name"] == "店二"
