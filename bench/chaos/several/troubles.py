"""What goes wrong with one of several gateways, and what the others must make good."""

import asyncio
from typing import get_args

from bench.chaos import kills
from bench.chaos.several.fleet import Fleet, Member
from bench.postgres import FAST, IMMEDIATE
from runtime.crash import VARIABLE, Point

GONE = (13.0, 15.0)
"""Seconds that a machine is away: longer than the others need to find that out."""
STILL = (20.0, 24.0)
PASSED = 6.0


async def killed_again_and_again(fleet: Fleet) -> None:
    """All of them, as quickly as their starts allow."""
    await asyncio.gather(*(kills.again_and_again(member) for member in fleet.members))


async def killed_at_random(fleet: Fleet) -> None:
    """One at a time, and now and then two."""
    while not await fleet.pause(0.3, 2.5):
        chosen = fleet.dice.sample(fleet.members, fleet.dice.choice((1, 1, 2)))
        for member in chosen:
            member.kill()
        await asyncio.gather(*(member.start() for member in chosen))


async def machines_lost(fleet: Fleet) -> None:
    """A machine is away for so long that others must find out by its silence."""
    while not await fleet.pause(1.0, 3.0):
        member = fleet.dice.choice(fleet.members)
        member.kill()
        await _wait(fleet, GONE)
        await member.start()


async def stands_still(fleet: Fleet) -> None:
    """One is stopped until others have taken over, and goes on as if nothing had been."""
    while not await fleet.pause(1.0, 3.0):
        member = fleet.dice.choice(fleet.members)
        member.stand_still()
        await _wait(fleet, STILL)
        member.go_on()


async def line_silent(fleet: Fleet) -> None:
    """What one says to the database arrives nowhere, for longer or shorter than others wait."""
    while not await fleet.pause(1.0, 3.0):
        member = fleet.dice.choice(fleet.members)
        await _cut(fleet, member, fleet.dice.choice((STILL, (3.0, 6.0))), is_silent=True)


async def line_reset(fleet: Fleet) -> None:
    while not await fleet.pause(0.5, 2.0):
        member = fleet.dice.choice(fleet.members)
        await _cut(fleet, member, fleet.dice.choice((STILL, (0.0, 0.1), (1.0, 4.0))), is_silent=False)


async def _cut(fleet: Fleet, member: Member, seconds: tuple[float, float], *, is_silent: bool) -> None:
    with fleet.unrecorded():
        if seconds == STILL:
            member.lost()
        for line in member.lines:
            line.silent() if is_silent else line.refuse()
        await _wait(fleet, seconds)
        for line in member.lines:
            if is_silent and fleet.dice.random() < 0.5:
                line.reset()
            line.heal()


async def rolling_restart(fleet: Fleet) -> None:
    """Each in turn is stopped cleanly, and started."""
    while True:
        for member in fleet.members:
            if await fleet.pause(0.5, 1.5):
                return
            await member.stop()
            await member.start()


async def database_restarts(fleet: Fleet) -> None:
    while not await fleet.pause(1.0, 3.0):
        await fleet.database.stop(fleet.dice.choice((FAST, IMMEDIATE)))
        await fleet.pause(0.0, 3.0)
        await fleet.database.start()


async def database_away(fleet: Fleet) -> None:
    """For longer than an instance may be silent: nobody is to be given up for that."""
    await fleet.pause(2.0, 3.0)
    await fleet.database.stop(IMMEDIATE)
    await asyncio.sleep(15)
    await fleet.database.start()
    await fleet.over.wait()


async def fails_over(fleet: Fleet) -> None:
    """The server dies, and its standby is what is written to from then on."""
    assert fleet.standby
    await fleet.pause(2.0, 4.0)
    await fleet.database.stop(IMMEDIATE)
    await fleet.pause(0.0, 2.0)
    await fleet.standby.promote()
    await fleet.over.wait()


async def silent_and_replaced(fleet: Fleet) -> None:
    """Nobody is told that its machine is gone: what was sent there is never answered."""
    assert fleet.standby
    await fleet.pause(2.0, 4.0)
    with fleet.unrecorded():
        for member in fleet.members:
            member.lines[0].silent()
        await fleet.database.stop(IMMEDIATE)
        await fleet.pause(0.0, 2.0)
        await fleet.standby.promote()
        await fleet.over.wait()


async def no_connections_left(fleet: Fleet) -> None:
    """Somebody else has them all for a while, and ours end."""
    while not await fleet.pause(1.0, 3.0):
        async with fleet.database.full():
            await fleet.pause(2.0, 6.0)


async def what_may_vanish_vanishes(fleet: Fleet) -> None:
    """And with it, now and then, one who counted on it."""
    redis = fleet.redis
    assert redis
    while not await fleet.pause(0.3, 1.5):
        match fleet.dice.choice(("emptied", "killed", "still")):
            case "emptied":
                redis.cli("flushall")
            case "killed":
                redis.kill()
                await _wait(fleet, (0.0, 4.0))
                await asyncio.to_thread(redis.start)
            case "still":
                redis.stand_still()
                await _wait(fleet, (1.0, 6.0))
                redis.go_on()
        if fleet.dice.random() < 0.5:
            await _kill(fleet, fleet.dice.choice(fleet.members))


async def everything(fleet: Fleet) -> None:
    """Whatever comes first."""
    each = (_kill, _stop, _still, _silent, _reset, _restart)
    while not await fleet.pause(0.5, 2.0):
        await fleet.dice.choice(each)(fleet, fleet.dice.choice(fleet.members))


async def _kill(fleet: Fleet, member: Member) -> None:
    member.kill()
    await member.start()


async def _stop(fleet: Fleet, member: Member) -> None:
    await member.stop()
    await member.start()


async def _still(fleet: Fleet, member: Member) -> None:
    member.stand_still()
    await _wait(fleet, fleet.dice.choice((STILL, (1.0, 9.0))))
    member.go_on()


async def _silent(fleet: Fleet, member: Member) -> None:
    await _cut(fleet, member, (1.0, 9.0), is_silent=True)


async def _reset(fleet: Fleet, member: Member) -> None:
    await _cut(fleet, member, (0.0, 5.0), is_silent=False)


async def _restart(fleet: Fleet, member: Member) -> None:
    await fleet.database.stop(FAST)
    await fleet.database.start()


async def each_dies(fleet: Fleet) -> None:
    """By itself, and is started again; who never does is left alone."""
    await asyncio.gather(*(_dies(member) for member in fleet.members))


async def _dies(member: Member) -> None:
    while not await member.pause(0.1, 0.1):
        if await member.died(0.1):
            await member.start()
            return


async def point_after_point(fleet: Fleet) -> None:
    """Each kills itself at a point that it passes, then at another one; in the middle of it the database
    restarts. One that its messages do not pass within PASSED is left out."""
    points = list(get_args(Point))
    fleet.dice.shuffle(points)
    restarting = asyncio.Lock()

    async def goes_on(member: Member) -> None:
        while points and not await fleet.pause(0.1, 0.5):
            member.kill()
            async with restarting:  # whoever begins without a database says so and ends
                await member.start(**{VARIABLE: f"{points.pop()}:2"})
            if await member.died(PASSED):
                async with restarting:
                    await fleet.database.stop(fleet.dice.choice((FAST, IMMEDIATE)))
                    await fleet.database.start()
        member.kill()
        async with restarting:
            await member.start()

    await asyncio.gather(*map(goes_on, fleet.members))


async def _wait(fleet: Fleet, seconds: tuple[float, float]) -> None:
    """Also when nobody writes any more."""
    await asyncio.sleep(fleet.dice.uniform(*seconds))
