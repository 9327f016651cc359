from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from runtime.errors import ToolFailed
from runtime.tools import Env
from runtime.tools.clock import TOOL

NOW = datetime(2026, 2, 17, 9, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


async def ask(**arguments):
    return await TOOL(type="clock").call(arguments, Env(http=None, now=NOW, values={}))


async def test_the_agents_own_time_zone_is_the_default():
    assert await ask() == {
        "date": "2026-02-17",
        "time": "09:05",
        "weekday": "Tuesday 星期二",
        "timezone": "Asia/Shanghai",
        "utc_offset": "+0800",
    }


async def test_another_time_zone_may_have_another_day():
    there = await ask(timezone="America/Los_Angeles")
    assert (there["date"], there["time"], there["weekday"]) == ("2026-02-16", "17:05", "Monday 星期一")


@pytest.mark.parametrize(
    "name",
    [
        "Mars/Olympus",
        "../../etc/passwd",
        "Asia",
        "/etc/localtime",
        "北京",
        "a\0b",
        "localtime",
        "tzdata.zi",
        "x" * 50_000,
        "posix/UTC",
    ],
)
async def test_a_time_zone_that_is_none_is_told(name):
    with pytest.raises(ToolFailed, match="Asia/Shanghai"):
        await ask(timezone=name)


async def test_capitals_do_not_matter():
    assert (await ask(timezone=" europe/BERLIN "))["timezone"] == "Europe/Berlin"


@pytest.mark.parametrize("arguments", [{"timezone": 8}, {"timezone": None}, {"city": "Paris"}])
async def test_wrong_arguments_are_named(arguments):
    with pytest.raises(ToolFailed, match=next(iter(arguments))):
        await ask(**arguments)


def test_it_may_run_again_after_a_crash():
    assert TOOL(type="clock").repeatable


def test_the_model_is_told_what_it_does():
    function = TOOL(type="clock", name="now").spec()["function"]
    assert function["name"] == "now"
    assert function["description"].startswith("Tell the current date")
    assert list(function["parameters"]["properties"]) == ["timezone"]
