"""A published starter behind a simulated Official Account, whose process dies at every block or never."""

import asyncio
import itertools
import json
import shutil
import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

from played_world import PlayedWorld, Told, key_copied
from runtime import crash
from runtime.agents.library import Library
from runtime.channels import WebRequest
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication
from runtime.media.kept import KeptMedia
from runtime.models.senses import UsualModels
from runtime.models.sound import Heard, Spoken
from runtime.network.fetched import Fetched
from runtime.person import code_shown
from runtime.senses.senses import Senses
from runtime.simulator.http import Response, Server
from runtime.simulator.wechat.account_played import WeChat
from runtime.simulator.wechat.accounts import of_kind
from runtime.simulator.wechat.platform import Platform
from runtime.store.messages.sealed_files import SealedFiles
from runtime.templating.prompts import Prompts
from runtime.turn.turn import Services
from script import says
from tool_fakes import Keys

TEMPLATES = Path(__file__).parents[3] / "templates"
STARTERS = Library(Path("nowhere"), TEMPLATES / "agents")
PROMPTS = Prompts([TEMPLATES / "prompts"])
AMR, MP3 = b"#!AMR\n\x3c" + bytes(31), b"\xff\xfb\x90\x00" + bytes(400)
BUSY = ("accepted", "answered")


@dataclass
class World:
    """What is outside of the process and stays when it dies: what it was asked is counted."""

    answers: list = field(default_factory=list)
    """Of the model, in order; then it says 好的。 What it is asked again it answers as before."""
    said: dict = field(default_factory=dict)
    pages: dict = field(default_factory=dict)
    """By method and the beginning of an address, what an interface answers."""
    words: str = ""
    """What a voice message says."""
    sounds: list = field(default_factory=list)
    """What was heard and read out."""
    paid: list = field(default_factory=list)
    called: list = field(default_factory=list)


@dataclass
class Life:
    """One process. Whatever it does after its death reaches nobody."""

    world: World
    number: int
    dead: asyncio.Event = field(default_factory=asyncio.Event)
    begun: list = field(default_factory=list)

    def outside(self, work):
        """Work in threads: nobody waits for that of the dead."""
        if self.dead.is_set():
            return
        loop = asyncio.get_running_loop()
        seen = loop.create_future()
        loop.outside(seen)
        self.begun.append(seen)
        work.add_done_callback(lambda _: seen.done() or seen.set_result(None))

    async def _lives(self):
        if self.dead.is_set():
            await asyncio.Event().wait()

    async def complete(self, request, on_text=None, on_reset=None):
        """It takes longer than the disk takes to keep what a tool did before."""
        await asyncio.sleep(0.1)
        await self._lives()
        asked = json.dumps([request.messages, request.tools], ensure_ascii=False, default=str)
        self.world.paid.append(asked)
        if asked not in self.world.said:
            answers = self.world.answers
            self.world.said[asked] = answers.pop(0) if answers else says("好的。")
        return self.world.said[asked]

    async def transcribe(self, model, recording, seconds):
        await self._lives()
        self.world.sounds.append("heard")
        return Heard(self.world.words, model, 2.0, 0.0002)

    async def speak(self, model, voice, text, seconds):
        await self._lives()
        self.world.sounds.append(text)
        return Spoken(MP3, model, 0.001)

    async def fetch(self, method, url, *, body=None, **_):
        await self._lives()
        self.world.called.append((method, url, json.loads(body) if body else None))
        for (verb, start), (status, data) in self.world.pages.items():
            if verb == method and url.startswith(start):
                is_page = isinstance(data, str)
                text = data if is_page else json.dumps(data, ensure_ascii=False)
                kind = "text/html" if is_page else "application/json"
                return Fetched(url, status, kind, text, text.encode())
        return Fetched(url, 404, "text/plain", "no such page")


class Shop:
    """The account, its follower, and whatever process there is now."""

    def __init__(self, folder, monkeypatch, platform, server, world, agent, *, dies):
        self.folder, self.monkeypatch, self.platform, self.world = folder, monkeypatch, platform, world
        self.agent, self.dies, self.server = agent, dies, server
        self.loop = asyncio.get_running_loop()
        [self.account] = platform.accounts.values()
        self.wechat = WeChat(self.account, self.door, platform, clock=self.loop.wall)
        self.phone = self.wechat.phone()
        self.lives, self.died = itertools.count(1), 0
        self.gateway = None

    async def door(self, push):
        life, request = self.life, WebRequest(push.method, push.query, push.body)
        asking = asyncio.ensure_future(self.gateway.callback("p", request))
        gone = asyncio.ensure_future(life.dead.wait())
        await asyncio.wait({asking, gone}, return_when=asyncio.FIRST_COMPLETED)
        if life.dead.is_set():
            asking.cancel()
            raise ConnectionRefusedError
        gone.cancel()
        response = await asking
        return response.status, response.body

    def platform_hears(self, request):
        """What a dead process still asks for is not heard, however quick its disk was."""
        return Response(after=None) if self.life.dead.is_set() else self.platform.call(request)

    async def live(self, die_at):
        """A process begins, on what the one before left, and dies when so many blocks are finished."""
        crash._wanted.cache_clear()
        crash._passed.clear()
        self.life = Life(self.world, next(self.lives))
        self.here = self.folder / str(self.life.number)
        (self.here / "media").mkdir(parents=True)
        if self.gateway:
            copied(self.left, self.here / "messages.db")
            key_copied(self.left.parent, self.here)
            shutil.copytree(self.left.parent / "media", self.here / "media", dirs_exist_ok=True)
        self.monkeypatch.setenv(crash.VARIABLE, f"before_block:{die_at}")
        self.monkeypatch.setattr(crash.os, "kill", self.kill)
        services = Services(self.life, PROMPTS, self.life, secrets=Keys())
        self.gateway = Gateway(
            self.here,
            OnePublication("wechat", self.account.settings, self.agent),
            services,
            Told(),
            {"HONGYAN_WECHAT_API": self.server.url},
            lambda: "https://bot.test",
            clock=self.loop.wall,
            outside=self.life.outside,
            senses=Senses(
                self.life,
                self.life,
                KeptMedia(self.here / "media", SealedFiles(self.here / "messages.db")),
                lambda: UsualModels(hearing="y/asr", speaking="y/tts"),
            ),
        )
        await self.gateway.start()
        [surface] = self.gateway.surfaces.all()
        await self.gateway.abilities.find_out(surface)

    def kill(self, pid, signal):
        """What `kill -9` leaves: the disk as it is at that moment."""
        life = self.life
        if life.dead.is_set():
            return
        self.left = self.here / "left.db"
        copied(self.here / "messages.db", self.left)
        life.dead.set()

    async def happens(self, doing):
        """Something is done from outside; as often as it dies meanwhile, it begins again."""
        task, die_at = asyncio.ensure_future(doing), 1
        while True:
            crash._passed.clear()
            self.monkeypatch.setenv(crash.VARIABLE, f"before_block:{die_at if self.dies else 10**6}")
            crash._wanted.cache_clear()
            death = asyncio.ensure_future(self.life.dead.wait())
            calm = asyncio.ensure_future(self._calm(task))
            await asyncio.wait({death, calm}, return_when=asyncio.FIRST_COMPLETED)
            if not self.life.dead.is_set():
                death.cancel()
                return await task
            calm.cancel()
            await PlayedWorld(self.gateway).kill()
            for seen in self.life.begun:
                seen.done() or seen.set_result(None)
            self.died += 1
            die_at += 1
            await self.live(die_at)

    async def _calm(self, task):
        await asyncio.wait({task})
        while set(BUSY) & set(await PlayedWorld(self.gateway).states()):  # noqa: ASYNC110 # as on a phone
            await asyncio.sleep(1)

    async def says(self, text):
        """What they read until it is calm again."""
        seen = len(self.phone.received)
        await self.happens(self.phone.write(text))
        return "\n".join(self.phone.received[seen:])

    async def speaks(self):
        """They send a voice message."""
        seen = len(self.phone.received)
        await self.happens(self.phone.send_file("voice", AMR, Format="amr"))
        return "\n".join(self.phone.received[seen:])

    async def approves(self):
        """An operator says yes to what waits for that."""
        seen = len(self.phone.received)
        await self.happens(self._approves())
        return "\n".join(self.phone.received[seen:])

    async def _approves(self):
        [wait] = [one for one in await self.gateway.messages.waits.open() if one.kind == "decision"]
        await self.gateway.waits.decide(wait.id, yes=True, by="an")
        await asyncio.sleep(10)

    async def binds(self):
        """They send the code that the owner's system made for customer C7."""
        customers = self.gateway.messages.customers
        code = await customers.claim(self.agent["id"], "C7", self.loop.wall(), 600)
        return await self.says(f"绑定 {code_shown(code)}")

    async def rows(self, sql):
        return await self.gateway.messages.database.read(lambda db: [tuple(row) for row in db.execute(sql)])


def copied(source, target):
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


@asynccontextmanager
async def shop(folder, monkeypatch, world, agent, *, dies):
    loop = asyncio.get_running_loop()
    platform = Platform([of_kind("verified_service")], loop.wall)
    async with Server(lambda request: it.platform_hears(request)) as server:
        it = Shop(folder, monkeypatch, platform, server, world, agent, dies=dies)
        await it.live(10**6)
        try:
            yield it
        finally:
            monkeypatch.setenv(crash.VARIABLE, "")
            crash._wanted.cache_clear()
            await it.wechat.settle()
            await it.gateway.stop()
