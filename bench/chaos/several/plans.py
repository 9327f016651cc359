"""What may go wrong with several gateways, as a list of plans."""

from dataclasses import replace
from typing import Any, get_args

from bench.chaos import clock
from bench.chaos.agents import ORDERING, WITH_TOOL
from bench.chaos.plans import PASSIVE
from bench.chaos.several import troubles
from bench.chaos.several.fleet import SeveralPlan, unknown
from runtime.crash import VARIABLE, Point

AGAIN_AND_AGAIN = SeveralPlan(
    "kill -9 again and again",
    troubles.killed_again_and_again,
    messages=360,
    rate=8,
    people=120,
    copies=2,
    latency=lambda dice: dice.uniform(0.05, 0.5),
)
"""Some 60 kills in 45 s, and a new database then."""
LONG: dict[str, Any] = {"messages": 360, "rate": 6.0}
"""A minute, in which more than one can be found out to be dead."""


def plans(older: str = "HEAD~1") -> list[SeveralPlan]:
    """`older`: the commit of which one of them is, where two versions work side by side."""
    return [*_kills(), *_stops(), *_database(), *_unlike(older), *_points()]


def _kills() -> list[SeveralPlan]:
    at_random = SeveralPlan("random kill -9", troubles.killed_at_random, messages=240)
    return [
        at_random,
        replace(at_random, name="random kill -9, every message in threes", copies=3),
        replace(at_random, name="random kill -9 with orders", agent=ORDERING, tool="order"),
        replace(at_random, name="random kill -9, account that may not push", kind=PASSIVE),
        replace(at_random, name="random kill -9, model of 3 s", latency=lambda dice: 3.0),
        replace(AGAIN_AND_AGAIN, messages=120),
        SeveralPlan("a machine is lost", troubles.machines_lost, **LONG),
    ]


def _stops() -> list[SeveralPlan]:
    return [
        SeveralPlan("rolling restart", troubles.rolling_restart, messages=240, may_be_silent=True),
        SeveralPlan("one stands still for 20 s", troubles.stands_still, may_be_silent=True, **LONG),
        SeveralPlan("a line falls silent", troubles.line_silent, may_be_silent=True, cables=True, **LONG),
        SeveralPlan("a line is reset", troubles.line_reset, may_be_silent=True, **LONG),
        SeveralPlan("everything", troubles.everything, may_be_silent=True, copies=2, **LONG),
    ]


def _database() -> list[SeveralPlan]:
    return [
        SeveralPlan("the database restarts", troubles.database_restarts, may_be_silent=True, **LONG),
        SeveralPlan(
            "the database is away for 15 s", troubles.database_away, messages=240, may_be_silent=True
        ),
        SeveralPlan(
            "the database fails over", troubles.fails_over, messages=240, may_be_silent=True, standby=True
        ),
        SeveralPlan(
            "the database's machine falls silent, and another takes its place",
            troubles.silent_and_replaced,
            messages=240,
            may_be_silent=True,
            standby=True,
        ),
        SeveralPlan("no connections left", troubles.no_connections_left, messages=240, may_be_silent=True),
        SeveralPlan(
            "Redis is killed, emptied and stopped",
            troubles.what_may_vanish_vanishes,
            messages=240,
            redis=True,
        ),
    ]


def _unlike(older: str) -> list[SeveralPlan]:
    at_random = SeveralPlan("", troubles.killed_at_random, messages=240)
    return [
        replace(
            at_random,
            name="clocks minutes apart, random kill -9",
            clocks=("+200s", "-200s", "+0s"),
            unwell=clock.missing(),
        ),
        replace(at_random, name=f"one is of {older}, random kill -9", older=older, unwell=unknown(older)),
    ]


def _points() -> list[SeveralPlan]:
    restarts = SeveralPlan(
        "killed at point after point, while the database restarts",
        troubles.point_after_point,
        agent=ORDERING,
        tool="order",
        may_be_silent=True,
        **LONG,
    )
    return [restarts, *(_dies_at(point) for point in get_args(Point))]


def _dies_at(point: str) -> SeveralPlan:
    """Each of them kills itself when it passes that point for the second, third and fourth time; then it runs
    without the name."""

    tool: dict[str, Any] = {"agent": WITH_TOOL, "tool": "clock"} if point == "after_tool" else {}
    return SeveralPlan(
        f"killed at {point}", troubles.each_dies, 60, 10, 12,
        of_member=lambda number, home: {VARIABLE: f"{point}:{number + 2}"}, **tool,
    )  # fmt: skip
