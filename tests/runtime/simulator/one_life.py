"""A gateway's process that dies as `kill -9` leaves it, and begins again on the disk that it left."""

import asyncio
import itertools
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from played_world import PlayedWorld, Told, key_copied
from runtime import crash
from runtime.channels import WebRequest
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication
from runtime.media.kept import KeptMedia
from runtime.models.senses import UsualModels
from runtime.models.sound import Heard, Spoken
from runtime.network.fetched import Fetched
from runtime.senses.senses import Senses
from runtime.simulator.http import Response
from runtime.store.control.canaries import Canaries, Canary
from runtime.store.control.table import Table
from runtime.store.messages.sealed_files import SealedFiles
from runtime.templating.prompts import Prompts
from runtime.turn.turn import Services
from script import says
from tool_fakes import Keys

PROMPTS = Prompts([Path(__file__).parents[3] / "templates" / "prompts"])
MP3 = b"\xff\xfb\x90\x00" + bytes(400)
NEVER = 10**6


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
    knowledge: object = None
    """The owner's bases, as `Searches`."""
    paid: list = field(default_factory=list)
    called: list = field(default_factory=list)

    def heard(self, recording):
        """What a model understands of it."""
        return self.words

    def asked(self, method, url, body):
        """What an interface answers: status and data."""
        for (verb, start), answer in self.pages.items():
            if verb == method and url.startswith(start):
                return answer
        return 404, "no such page"


class Book:
    """The publication with its versions; a control store that the deaths of processes leave as it is."""

    def __init__(self, channel, settings, agents, folder):
        self.agents = agents
        canaries = Canaries(Table(folder / "canaries.json", Canary))
        self.record = OnePublication(channel, settings, agents[1], canaries=canaries)

    def __getattr__(self, name):
        return getattr(self.record, name)

    def publication(self, id):
        return self.record.publication(id)

    def publications(self):
        return [self.record]

    def frozen_agent(self, id, version):
        return self.agents[version]

    def release(self, version):
        self.record = replace(self.record, version=version)


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
        return Heard(self.world.heard(recording.content), model, 2.0, 0.0002)

    async def speak(self, model, voice, text, seconds):
        await self._lives()
        self.world.sounds.append(text)
        return Spoken(MP3, model, 0.001)

    async def fetch(self, method, url, *, body=None, **_):
        await self._lives()
        given = json.loads(body) if body else None
        self.world.called.append((method, url, given))
        status, data = self.world.asked(method, url, given)
        is_page = isinstance(data, str)
        text = data if is_page else json.dumps(data, ensure_ascii=False)
        kind = "text/html" if is_page else "application/json"
        return Fetched(url, status, kind, text, text.encode())


class Lives:
    """One publication, and whatever process there is now."""

    life_kind = Life
    alerts_to = ""
    """The publication on which the owner is told of trouble."""
    url_of_api: str
    """The setting by which a channel finds its platform."""

    def __init__(self, folder, monkeypatch, world, server, book):
        self.folder, self.monkeypatch, self.world = folder, monkeypatch, world
        self.server, self.book = server, book
        self.loop = asyncio.get_running_loop()
        self.lives, self.died = itertools.count(1), 0
        self.gateway = None

    def dies_at(self, point, time=1):
        """It dies when it passes there for the so-manieth time from now."""
        crash._wanted.cache_clear()
        crash._passed.clear()
        self.monkeypatch.setenv(crash.VARIABLE, f"{point}:{time}")
        self.monkeypatch.setattr(crash.os, "kill", self.kill)

    async def callback(self, request):
        """What a platform's request gets: from the dead a connection that ends."""
        life = self.life
        if life.dead.is_set():
            raise ConnectionRefusedError
        asking = asyncio.ensure_future(self.gateway.callback("p", request))
        gone = asyncio.ensure_future(life.dead.wait())
        await asyncio.wait({asking, gone}, return_when=asyncio.FIRST_COMPLETED)
        if life.dead.is_set():
            asking.cancel()
            raise ConnectionRefusedError
        gone.cancel()
        response = await asking
        return response.status, response.body

    async def door(self, push):
        return await self.callback(WebRequest(push.method, push.query, push.body))

    def platform_hears(self, call, request):
        """What a dead process still asks for is not heard, however quick its disk was."""
        return Response(after=None) if self.life.dead.is_set() else call(request)

    async def begin(self):
        """A process begins, on what the one before left."""
        self.life = self.life_kind(self.world, next(self.lives))
        here = self.folder / str(self.life.number) / "data"
        here.mkdir(parents=True)
        if self.gateway:
            copied(self.left, here / "messages.db")
            key_copied(self.here, here)
            shutil.copytree(self.here / "media", here / "media")
        await self.begin_in(here)

    async def begin_in(self, here):
        self.here = here
        (here / "media").mkdir(exist_ok=True)
        files = SealedFiles(here / "messages.db")
        services = Services(self.life, PROMPTS, self.life, secrets=Keys(), knowledge=self.world.knowledge)
        self.gateway = Gateway(
            here,
            self.book,
            services,
            Told(),
            {self.url_of_api: self.server.url},
            lambda: "https://bot.test",
            lambda: self.alerts_to,
            clock=self.loop.wall,
            outside=self.life.outside,
            senses=Senses(
                self.life,
                self.life,
                KeptMedia(here / "media", files),
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
        self.left = self.here.parent / "left.db"
        copied(self.here / "messages.db", self.left)
        life.dead.set()

    async def bury(self):
        """The dead process does nothing any more."""
        await PlayedWorld(self.gateway).kill()
        for seen in self.life.begun:
            seen.done() or seen.set_result(None)
        self.died += 1

    async def rows(self, sql):
        return await self.gateway.messages.database.read(lambda db: [tuple(row) for row in db.execute(sql)])

    async def end(self):
        self.monkeypatch.setenv(crash.VARIABLE, "")
        crash._wanted.cache_clear()
        await self.gateway.stop()


def copied(source, target):
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)
