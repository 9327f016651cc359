"""A published agent for a week: dozens of people, an operator, and what goes wrong in seven days.

In hours in which nobody does anything the machine sleeps: its clock is set on to shortly before what comes
next, be it something that somebody does, a reminder or a schedule. All that happens is played.
"""

import asyncio
import random
import re
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jobs_world import STARTERS
from one_life import NEVER, Book, Life, Lives, World
from towns import VOICE

from runtime.agents.agent import Agent
from runtime.agents.schedule import next_time
from runtime.agents.starts import Scheduled
from runtime.simulator.http import Server
from runtime.store.backup import back_up
from runtime.store.control.canaries import Canary
from runtime.store.messages.restored import Restored
from runtime.store.messages.states import OPEN_RUNS, UNFINISHED, among
from runtime.store.put_back import put_back
from script import DOWN, says

MONDAY = date(2027, 3, 22)
"""Of the week that ends with the night in which Europe puts its clocks on."""
PATIENCE = 1800
"""Seconds that somebody waits for an answer."""
LOOKS = 10
"""Seconds within which a program has seen what is due."""
TAKEN_OVER = 60
"""…after its beginning what the one before it had to do."""
AT_WORK = f"""
select (select count(*) from messages where state in ({among(UNFINISHED)}))
    + (select count(*) from runs where state in ({among(OPEN_RUNS)})),
  (select min(due) from (select due from reminders union all select until from waits where came is null) due)
"""


@dataclass
class WeekWorld(World):
    """…for a week. `thinks`: what the model answers to a request; `system`: to method, address and body what
    the owner's system does."""

    thinks: object = lambda request: says("好的。")
    system: object = lambda method, url, body: (404, "no such page")
    slow: list = field(default_factory=list)
    down: list = field(default_factory=list)
    """Of the model: from when to when, seconds since 1970."""
    refused: int = 0

    def heard(self, recording):
        return recording.removeprefix(VOICE).decode()

    def asked(self, method, url, body):
        return self.system(method, url, body)


class WeekLife(Life):
    async def complete(self, request, on_text=None, on_reset=None):
        now = asyncio.get_running_loop().wall()
        await asyncio.sleep(40 if _within(self.world.slow, now) else 0.5)
        await self._lives()
        if _within(self.world.down, now):
            self.world.refused += 1
            raise DOWN
        self.world.paid.append(request)
        return self.world.thinks(request)


def _within(spans, now):
    return any(begin <= now < end for begin, end in spans)


@dataclass(frozen=True)
class Asked:
    """Something that somebody wrote. `place`: behind it in their chat stands what they read."""

    who: int
    text: str
    place: int
    came: bool
    """Whether the platform was told that it did."""
    to_agent: bool


class Week(Lives):
    life_kind = WeekLife

    def __init__(self, folder, monkeypatch, world, server, town, agents, zone):
        book = Book(town.channel, town.settings, agents, folder)
        super().__init__(folder, monkeypatch, world, server, book)
        self.town, self.url_of_api, self.zone = town, town.url_of_api, ZoneInfo(zone)
        self.agent = Agent.load(agents[1])
        self.draw = random.Random(7)
        self.asked = []
        self.sleepers = []
        self.busy, self.is_shut = 0, False
        self.killed, self.down_for = asyncio.Event(), 1.0
        self.points = Counter()
        town.connect(self.door)

    # Time

    def moment(self, day, hour, minute=0, second=0):
        """Seconds since 1970 of a local time in the week, whose Monday is day 0."""
        at = timedelta(days=day, hours=hour, minutes=minute, seconds=second)
        return (datetime.combine(MONDAY, time(), self.zone) + at).timestamp()

    def day(self, day):
        return (MONDAY + timedelta(days=day)).isoformat()

    def now(self):
        return datetime.fromtimestamp(self.loop.wall(), self.zone)

    async def at(self, moment):
        """It is that late, seconds since 1970."""
        if moment <= self.loop.wall():
            return
        woken = self.loop.create_future()
        self.sleepers.append((moment, woken))
        await woken

    async def _clock(self):
        while True:
            await asyncio.sleep(1)
            now = self.loop.wall()
            due = [one for one in self.sleepers if one[0] <= now]
            for one in due:
                self.sleepers.remove(one)
                one[1].set_result(None)
            if not due and not self.busy:
                gap = await self._quiet_for(now)
                self.loop.ahead += 0 if self.busy else max(gap, 0)

    async def _quiet_for(self, now):
        """Seconds in which nothing is to happen, at the least."""
        following = [one[0] for one in self.sleepers]
        if self.life.dead.is_set():
            return min(following, default=now) - now
        if self.agent.starts and now < self.begun + TAKEN_OVER:
            return 0
        [(unfinished, due)] = await self.rows(AT_WORK)
        if unfinished or (due and due <= now):
            return 0
        following += [due] if due else []
        for start in self.agent.starts:
            if isinstance(start, Scheduled):
                following.append(next_time(start.cron, self.zone, now - LOOKS))
        return min(following, default=now) - now - 1

    # People

    async def says(self, who, text, doing=None, *, to_agent=True):
        """What they read until they are answered; "" if they are not. `to_agent`: and not to an operator, who
        answers when they look; `doing`: how they say it, where it is no text."""
        self.busy += 1
        place = len(self.town.chat(who)) + 1
        came = await (doing or self.town.says(who, text))
        self.asked.append(Asked(who, text, place, came, to_agent))
        if not to_agent:
            self.busy -= 1
            return ""
        end = self.loop.wall() + PATIENCE
        while not (heard := self._heard(who, place)) and self.loop.wall() < end:  # noqa: ASYNC110 # as on a phone
            await asyncio.sleep(1)
        await asyncio.sleep(2)
        self.busy -= 1
        return heard

    def _heard(self, who, place):
        return "\n".join(one.text for one in self.town.chat(who)[place:] if one.side != "me")

    async def does(self, doing):
        """Something else than writing, until the platform is through with it."""
        self.busy += 1
        done = await doing
        self.busy -= 1
        return done

    async def talks(self, who, lines, again=900):
        """They go on when they read what belongs there; else they say it again after so many seconds."""
        heard = []
        for text, wanted in lines:
            for _ in range(12):
                heard.append(await self.says(who, text))
                if re.search(wanted, heard[-1]):
                    break
                await self.at(self.loop.wall() + again + self.draw.random() * 60)
            else:
                raise AssertionError(f"{who} said {text!r} in vain: {heard[-1]!r}")
        return heard

    async def whose(self, ticket):
        """Their number."""
        [(sender,)] = await self.rows(f"select sender from tickets where id={ticket}")
        return next(one.who for one in self.asked if self.town.id_of(one.who) == sender)

    # Troubles

    async def dies(self, point="", down=1.0):
        """The process is killed, now or when it passes there next; so many seconds there is none."""
        self.down_for = down
        self.points[point] += 1
        if point:
            self.dies_at(point)
        else:
            self.kill(0, 0)

    def canary(self, version, share):
        """That version answers so many percent of the people."""
        begun = Canary(id="p", version=version, share=share, salt="of a week", since=self.loop.wall())
        assert self.book.canaries.begin(begun)

    def release(self, version):
        """It answers everybody."""
        self.book.canaries.end("p", version, "released", self.loop.wall())
        self.book.release(version)

    async def is_run(self, *, share=30, released=3, moved=5):
        """By its owner: from Tuesday noon a newer version answers so many percent of the people, on another
        day everybody; and it moves by night to another machine, where tokens are void."""
        steps = [(1, 12, lambda: self.canary(2, share)), (released, 12, lambda: self.release(2))]
        for day, hour, does in sorted([*steps, (moved, 3, self.town.void_tokens)], key=lambda one: one[:2]):
            await self.at(self.moment(day, hour))
            does()
            if day == moved:
                await self.moves()

    async def begin_in(self, here):
        await super().begin_in(here)
        self.begun = self.loop.wall()

    async def callback(self, request):
        if self.is_shut:
            raise ConnectionRefusedError
        return await super().callback(request)

    def kill(self, pid, signal):
        if not self.life.dead.is_set():
            super().kill(pid, signal)
            self.busy += 1
            self.killed.set()

    async def _born_again(self):
        while True:
            await self.killed.wait()
            self.killed.clear()
            await self.bury()
            self.busy -= 1
            await self.at(self.loop.wall() + self.down_for)
            self.dies_at("before_block", NEVER)
            await self.begin()

    async def dies_daily(self, points, times=3):
        """Each day so often between nine and nine, each time at another of the points, for a second, three or
        ninety."""
        for number in range(7 * times):
            day, turn = divmod(number, times)
            await self.at(self.moment(day, 9.2 + turn * 12 / times))
            died = self.died
            await self.dies(points[number % len(points)], [1, 3, 90][number % 3])
            await self.at(self.loop.wall() + 12 * 3600 / times - 600)
            if self.died == died:  # nobody came by there
                await self.dies()
        while self.life.dead.is_set():  # noqa: ASYNC110 # as who looks now and then whether it is back
            await asyncio.sleep(1)
        await asyncio.sleep(LOOKS)

    async def moves(self):
        """A backup is made and put back on another machine, which goes on when its owner says so."""
        self.busy += 1
        self.is_shut = True
        await asyncio.sleep(60)
        home, file = self.here.parent, self.folder / "backup.tar.gz"
        saved = back_up(home, file, self.loop.wall())
        await self.gateway.stop()
        new = self.folder / "another"
        back = put_back(new, file, self.loop.wall())
        assert back.contents == saved.contents
        self.life = self.life_kind(self.world, next(self.lives))
        await self.begin_in(new / "data")
        self.is_shut = False
        held = Restored(self.here / "messages.db")
        assert back.unfinished == held.count() == held.release()
        await asyncio.sleep(10)
        self.busy -= 1


def published(starter, timezone="Asia/Shanghai", **variables):
    """A starter as its owner publishes it."""
    agent = STARTERS.starter(starter).to_json()
    for variable in agent.get("variables", []):
        variable["default"] = variables.get(variable["name"], variable.get("default", ""))
    return {**agent, "timezone": timezone, "safety": {"label": {"when": "never"}}}


@asynccontextmanager
async def week(folder, monkeypatch, world, town, agents, zone="Asia/Shanghai"):
    """From Monday at 0:00. `agents`: versions of the agent, of which 1 answers."""
    loop = asyncio.get_running_loop()
    loop.ahead = datetime.combine(MONDAY, time(), ZoneInfo(zone)).timestamp() - loop.wall()
    town = town(loop.wall)
    async with Server(lambda request: it.platform_hears(town.call, request)) as server:
        it = Week(folder, monkeypatch, world, server, town, agents, zone)
        it.dies_at("before_block", NEVER)
        await it.begin()
        watching = [asyncio.ensure_future(one) for one in (it._clock(), it._born_again())]
        try:
            yield it
        finally:
            for one in watching:
                one.cancel() or one.result()
            await town.settle()
            await it.end()
