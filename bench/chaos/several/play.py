"""Play a plan of several gateways: start everything, let it go wrong, let it come to an end, and judge it."""

import asyncio
import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

from bench import nginx, postgres, redis
from bench.chaos.agents import Shop
from bench.chaos.judge import Outcome
from bench.chaos.several import cable
from bench.chaos.several.cable import Cable
from bench.chaos.several.fleet import MEMBERS, Fleet, Member, SeveralPlan, as_of, beside
from bench.chaos.several.judge import judge
from bench.chaos.several.line import Line
from bench.chaos.states import unfinished
from bench.chaos.trial import PAGES
from bench.forked import Forked
from bench.installation import Installation, install
from bench.load import Load, Wave
from bench.model import Model
from bench.postgres import ROLE, Postgres
from bench.redis import Redis
from runtime.simulator.history import History
from runtime.simulator.http import Server
from runtime.simulator.wechat.accounts import of_kind
from runtime.simulator.wechat.platform import Platform
from runtime.store.database.postgres_opening import SILENT_SECONDS
from runtime.store.database.postgres_url import VARIABLE
from runtime.store.home import home_of
from runtime.store.vanishing.redis_url import VARIABLE as REDIS


def missing() -> str:
    """Why no plan can be played here; empty when they can."""
    return postgres.missing() or nginx.missing() or redis.missing()


async def run(plan: SeveralPlan, folder: Path, seed: int) -> Outcome:
    """Run a plan once, on a database and homes of its own."""
    dice = random.Random(seed)
    account, shop = of_kind(plan.kind), Shop(dice)
    model, platform = Model(lambda: plan.latency(dice)), Platform([account])
    platform.faults.latency, model.tool = 0.02, plan.tool
    await asyncio.to_thread(Forked.loaded)
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(Server(platform.call))
        llm = await stack.enter_async_context(Server(model.call))
        door = await stack.enter_async_context(Server(shop.call))
        database, cables = await _database(stack, plan)
        standby = await stack.enter_async_context(database.standby()) if plan.standby else None
        vanishing = stack.enter_context(redis.running()) if plan.redis else None
        stack.enter_context(_looked_into(database, standby))
        given = {"HONGYAN_EGRESS_ALLOW": door.url.removeprefix("http://"), "HONGYAN_PUBLIC_URL": PAGES}
        if vanishing:
            given[REDIS] = vanishing.url()
        agent = {**plan.agent, "variables": [{"name": "shop", "title": "网店", "default": door.url}]}

        def installed() -> Installation:
            with home_of(folder / "0", ""):
                return install(
                    folder / "0",
                    account,
                    model_url=llm.url,
                    platform_url=api.url,
                    agent=agent,
                    environment=given,
                )

        first = await asyncio.to_thread(installed)  # on a loop nobody waits long for a database
        older = as_of(plan.older, folder / "older") if plan.older else None
        servers = [database, *([standby] if standby else [])]
        lines = [[cable] for cable in cables] or await _lines(stack, servers)
        installations = _several(first, plan, lines, older)
        port = await stack.enter_async_context(nginx.before([one.port for one in installations]))
        load = Load(
            f"http://127.0.0.1:{port}{first.path}", account, platform, History(parts=plan.parts), plan.copies
        )
        fleet = _joined(plan, dice, installations, lines, load, model, shop, database, standby, vanishing)
        try:
            wave = await _play(fleet)
            return judge(fleet, wave)
        finally:
            fleet.kill_all()


@contextmanager
def _looked_into(*servers: Postgres | None) -> Iterator[None]:
    """What we read ourselves is read there."""
    os.environ[VARIABLE] = address([f"{one.host}:{one.port}" for one in servers if one])
    try:
        yield
    finally:
        del os.environ[VARIABLE]


def address(places: list[str]) -> str:
    more = "" if len(places) == 1 else "?target_session_attrs=read-write"
    return f"postgresql://{ROLE}@{','.join(places)}/postgres{more}"


async def _database(stack: AsyncExitStack, plan: SeveralPlan) -> tuple[Postgres, list[Cable]]:
    """And a cable to it for each gateway, where the plan wants them and this machine can."""
    if not plan.cables or cable.missing():
        return await stack.enter_async_context(postgres.running()), []
    ours, *theirs = await stack.enter_async_context(cable.laid(1 + MEMBERS))
    there = postgres.elsewhere(ours.namespace, ours.host, ours.port)
    return await stack.enter_async_context(there), theirs


async def _lines(stack: AsyncExitStack, servers: list[Postgres]) -> list[list[Line]]:
    return [[await stack.enter_async_context(Line(one.port)) for one in servers] for _ in range(MEMBERS)]


def _several(
    first: Installation, plan: SeveralPlan, lines: Sequence[Sequence[Line | Cable]], older: Path | None
) -> list[Installation]:
    urls = [address([line.place for line in each]) for each in lines]
    made = [beside(first, number, urls[number], plan=plan, older=older) for number in (*range(1, MEMBERS), 0)]
    return [made[-1], *made[:-1]]


def _joined(
    plan: SeveralPlan,
    dice: random.Random,
    installations: list[Installation],
    lines: Sequence[Sequence[Line | Cable]],
    load: Load,
    model: Model,
    shop: Shop,
    database: Postgres,
    standby: Postgres | None,
    vanishing: Redis | None,
) -> Fleet:
    first, history = installations[0], load.history
    fleet = Fleet(
        first.home,
        first,
        history,
        dice,
        plan,
        model,
        load.platform,
        load,
        shop,
        [],
        database,
        standby,
        vanishing,
        [],
    )
    shared = {"starts": fleet.starts, "over": fleet.over, "broken": fleet.broken, "left": fleet.left}
    for number, one in enumerate(installations):
        fleet.members.append(Member(one.home, one, history, dice, number, lines[number], **shared))
    return fleet


async def _play(fleet: Fleet) -> Wave:
    plan = fleet.plan
    await fleet.start_all()
    writing = asyncio.create_task(fleet.load.wave(plan.rate, plan.messages, plan.people, settle=0))
    trouble = asyncio.create_task(plan.trouble(fleet))
    wave = await writing
    fleet.over.set()
    await trouble
    fleet.model.faults.clear()
    fleet.platform.faults.clear()
    await fleet.all_well()
    if plan.may_be_silent:
        await asyncio.sleep(SILENT_SECONDS)  # so late what was sent into a pulled cable may still be stored
    await fleet.until_none(unfinished)
    await asyncio.sleep(0.3)
    return wave


def at_home(plan: SeveralPlan, seed: int) -> Outcome:
    """In a folder of its own, that is gone afterwards."""
    import uvloop

    with tempfile.TemporaryDirectory(prefix="hongyan-chaos-") as folder:
        return uvloop.run(run(plan, Path(folder), seed))
