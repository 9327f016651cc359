"""What may go wrong, as a list of plans."""

import os
import random
from dataclasses import replace
from typing import get_args

from bench.chaos import clock, disk, kills, neighbours, outages
from bench.chaos.agents import ORDERING, REMEMBERING, WITH_TOOL
from bench.chaos.repeats import repeats
from bench.chaos.trial import Plan
from runtime.crash import Point
from runtime.simulator.wechat.accounts import Kind

PASSIVE: Kind = "unverified_subscription"
"""It may not push: its answers travel in responses only."""

AGAIN_AND_AGAIN = Plan(
    "kill -9 again and again",
    kills.again_and_again,
    messages=600,
    rate=6,
    people=200,
    copies=2,
    latency=lambda dice: dice.uniform(0.05, 0.5),
)
"""Some 60 kills in 100 s, and a new home then, so that the history stays small however many are wanted."""

REPEATED = Plan("every message ten times", repeats, messages=100, rate=30, copies=4)
"""A thousand deliveries, of which nine hundred mean nothing."""


def plans() -> list[Plan]:
    return [*_kills(), *_neighbours(), *_outages(), *_disk(), *_clock(), *_points()]


def _kills() -> list[Plan]:
    return [
        Plan("random kill -9", kills.random_kills),
        Plan("random kill -9, every message in threes", kills.random_kills, copies=3),
        Plan("random kill -9 with tools", kills.random_kills, agent=WITH_TOOL, tool="clock"),
        Plan("random kill -9 with orders", kills.random_kills, agent=ORDERING, tool="order"),
        Plan(
            "random kill -9 with summaries, while a base is read",
            kills.random_kills,
            agent=REMEMBERING,
            people=8,
            sources=12,
        ),
        Plan("random kill -9, account that may not push", kills.random_kills, kind=PASSIVE),
        Plan("random kill -9, model of 3 s", kills.random_kills, latency=lambda dice: 3.0),
        replace(AGAIN_AND_AGAIN, messages=120),
        Plan("killed while it starts", kills.stillborn),
        Plan("SIGTERM and start", kills.polite_stops, may_be_silent=True),
        Plan("SIGTERM, and kill -9 while it stops", kills.impatient_stops),
        Plan("stands still for 6 s", kills.stands_still, may_be_silent=True),
        Plan("second gateway on the same home", kills.second_gateway),
    ]


def _neighbours() -> list[Plan]:
    return [
        Plan("slow and failing model", neighbours.slow_model, latency=_uneven, may_fail=True),
        Plan("failing WeChat API", neighbours.sick_platform),
        Plan("WeChat API says 40001 to everything", neighbours.tokens_refused),
        Plan("WeChat API says 45009 to everything", neighbours.quota_used_up),
        Plan(
            "kill -9 while the WeChat API says 40001",
            neighbours.killed_while_refused,
            latency=lambda dice: dice.uniform(3.0, 7.0),
        ),
        Plan("kills, failing model and API", neighbours.everything, copies=2, may_fail=True),
        Plan("half requests", neighbours.half_requests),
        REPEATED,
    ]


def _outages() -> list[Plan]:
    burst = {"messages": 400, "rate": 60.0, "people": 400}
    return [
        Plan("WeChat API takes 6 s a message", outages.slow_api, **burst),
        Plan("token endpoint answers HTML", outages.no_tokens),
        Plan("WeChat API hangs for 15 s", outages.api_hangs),
        Plan("WeChat API says 48001 to everything, and a start", outages.not_permitted),
        Plan("unpublished and killed", outages.unpublished_and_killed, latency=lambda dice: 4.0),
        Plan("the model's process is killed", outages.child_killed, provider="openai"),
    ]


def _disk() -> list[Plan]:
    root = "" if os.geteuid() == 0 else "needs root, for a tmpfs"
    return [
        Plan("disk full", disk.full_disk, on_small_disk=True, unwell=root),
        Plan("disk refuses", disk.disk_refuses),
        Plan("start on a read-only disk", disk.read_only_start, on_small_disk=True, unwell=root),
        Plan("slow fsync", disk.slow_syncs, unwell=disk.missing()),
        Plan("failing fsync", disk.failing_syncs, unwell=disk.missing()),
        Plan("messages.db moved away and put back", disk.store_away),
        Plan("no file descriptors left", disk.no_descriptors, may_fail=True),
    ]


def _clock() -> list[Plan]:
    steps = Plan(
        "clock steps of minutes", clock.near_steps, environment=clock.environment, unwell=clock.missing()
    )
    return [
        steps,
        replace(steps, name="clock steps of an hour", trouble=clock.far_steps, may_be_silent=True),
        replace(
            steps,
            name="clock steps, account that may not push",
            kind=PASSIVE,
            latency=lambda dice: dice.uniform(1.0, 12.0),
        ),
    ]


def _points() -> list[Plan]:
    return [kills.dies_at(point, time) for point in get_args(Point) for time in (1, 3)]


def _uneven(dice: random.Random) -> float:
    return min(8.0, dice.lognormvariate(-0.5, 1.0))
