"""Play a plan: start everything, let it go wrong, let it come to an end, and judge it."""

import asyncio
import random
from dataclasses import replace
from pathlib import Path

from bench.chaos import bases
from bench.chaos.agents import Shop
from bench.chaos.judge import Outcome, judge
from bench.chaos.states import unfinished
from bench.chaos.trial import PAGES, Plan, Trial
from bench.forked import forked
from bench.installation import install
from bench.load import Load, Wave
from bench.model import Model
from runtime.simulator.history import History
from runtime.simulator.http import Server
from runtime.simulator.wechat.accounts import of_kind
from runtime.simulator.wechat.platform import Platform

READING = 300.0
"""Seconds that a base gets to be read whole: a busy machine gives its process little."""


async def run(plan: Plan, home: Path, seed: int) -> Outcome:
    """Run a plan once, on a home of its own."""
    dice = random.Random(seed)
    account, shop = of_kind(plan.kind), Shop(dice)
    model, platform = Model(lambda: plan.latency(dice)), Platform([account])
    platform.faults.latency, model.tool = 0.02, plan.tool
    platform.faults.dice, model.faults.dice = random.Random(seed), random.Random(-seed)
    async with Server(platform.call) as api, Server(model.call) as llm, Server(shop.call) as door:
        if plan.sources:
            bases.give(home, plan.sources)
        gateway = install(
            home,
            account,
            model_url=llm.url,
            platform_url=api.url,
            provider=plan.provider,
            agent={**plan.agent, "variables": [{"name": "shop", "title": "网店", "default": door.url}]},
            environment={
                "HONGYAN_EGRESS_ALLOW": door.url.removeprefix("http://"),
                "HONGYAN_PUBLIC_URL": PAGES,
            },
        )
        gateway = replace(gateway, program=await forked(gateway.program, plan.environment(home)))
        load = Load(gateway.callback, account, platform, History(parts=plan.parts), plan.copies)
        trial = Trial(home, gateway, load.history, dice, plan, model, platform, load, shop)
        try:
            wave = await _play(trial)
        finally:
            gateway.program.kill()
        return judge(trial, wave)


async def _play(trial: Trial) -> Wave:
    plan = trial.plan
    await trial.start(**plan.environment(trial.home))
    writing = asyncio.create_task(trial.load.wave(plan.rate, plan.messages, plan.people, settle=0))
    trouble = asyncio.create_task(plan.trouble(trial))
    wave = await writing
    trial.over.set()
    await trouble
    trial.model.faults.clear()
    trial.platform.faults.clear()
    if trial.gateway.program.exit_code() is not None:
        await trial.start()
    await trial.until_none(unfinished)
    if plan.sources:
        await trial.until_none(bases.unread, READING)
        trial.broken += bases.broken(trial.home, plan.sources)
    await asyncio.sleep(0.3)
    return wave
