"""Our gateway on a control store, and a third-party platform played before it, on a clock that jumps."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from runtime.agents.agent import Agent
from runtime.channels import WebRequest
from runtime.errors import NotFound, Refused
from runtime.gateway.gateway import Gateway
from runtime.publish import publish
from runtime.simulator.http import Server
from runtime.simulator.wechat.account_played import WeChat
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat_component.component import ALL_SCOPES, Teller, ThirdParty, page_of, way_back
from runtime.simulator.wechat_component.platform import ComponentPlatform
from runtime.simulator.wechat_component.simulation import account_of
from runtime.store.control.control import Control
from script import Script, services

AGENT = Agent.load(
    {
        "format": 1,
        "id": "shop",
        "name": "店",
        "limits": {"seconds": 600},
        "safety": {"label": {"when": "never"}},
        "flow": [{"type": "model", "id": "answer"}],
    }
)
OTHER = Agent.load({**AGENT.to_json(), "id": "desk", "name": "台"})
ITS = ThirdParty()
FIRST = account_of(ITS, Account())
SECOND = account_of(ITS, Account(app_id="wx6b2c3d4e5f607182", original_id="gh_6e3f0a2d8c4b"))
PUBLIC = "https://bot.example"


@dataclass
class Doctor:
    troubles: dict = field(default_factory=dict)
    codes: list = field(default_factory=list)

    def saw(self, publication, what, code, at, compared=()):
        self.codes.append((publication, what, code))

    def trouble(self, publication, text, at):
        self.troubles[publication] = text and text.en

    def told(self, publication, notice, at):
        """Not asked for here."""


@dataclass
class World:
    gateway: Gateway
    control: Control
    platform: ComponentPlatform
    models: Script
    doctor: Doctor
    teller: Teller = field(default_factory=lambda: Teller(ITS))
    chats: dict = field(default_factory=dict)

    @property
    def desk(self):
        return self.platform.desk

    @property
    def application(self):
        return self.control.applications.all()[0].id

    def publication(self, agent="shop"):
        return next(one for one in self.control.publications() if one.agent == agent)

    def joining(self, agent="shop"):
        return self.control.joinings.find(self.publication(agent).id)

    def grant(self, account=FIRST):
        return self.control.grants.find(f"{ITS.app_id} {account.app_id}")

    async def at(self, path, push):
        """What the platform calls: a path of ours."""
        application, _, account = path.removeprefix("/c/").partition("/")
        request = WebRequest(push.method, push.query, push.body)
        try:
            response = await self.gateway.callback(application, request, account=account)
        except (Refused, NotFound):
            return 403, ""
        return response.status, response.body

    async def tell(self, kind, now=None, **fields):
        loop = asyncio.get_running_loop()
        push = self.teller.event(kind, loop.wall() if now is None else now, **fields)
        return await self.at(f"/c/{self.application}", push)

    async def ticket(self):
        return await self.tell("component_verify_ticket", ComponentVerifyTicket=self.desk.new_ticket())

    async def shown(self, agent="shop"):
        await self.when(lambda: self.joining(agent).stage == "shown")
        return self.joining(agent)

    async def consent(self, account=FIRST, agent="shop", *, scopes=ALL_SCOPES, told=True, browser=True):
        """Its owner scans what is shown and consents."""
        page = await self.shown(agent)
        code = self.desk.consent(account.app_id, scopes)
        if told:
            await self.authorized(account, code, PreAuthCode=page_of(page.content))
        if browser:
            return await self.come_back(way_back(page.link, code))
        return code

    async def authorized(self, account, code, kind="authorized", **more):
        return await self.tell(kind, AuthorizerAppid=account.app_id, AuthorizationCode=code, **more)

    async def come_back(self, url):
        parts = urlsplit(url)
        _, _, application, _, back = parts.path.split("/")
        query = dict(pair.split("=", 1) for pair in parts.query.split("&"))
        return await self.gateway.consents.applying.came_back(application, back, unquote(query["auth_code"]))

    async def take_back(self, account=FIRST):
        self.desk.take_back(account.app_id)
        return await self.tell("unauthorized", AuthorizerAppid=account.app_id)

    def chat(self, account=FIRST):
        """The account with the people who write to it."""
        if account.app_id not in self.chats:
            path = f"/c/{self.application}/{account.app_id}"
            self.chats[account.app_id] = WeChat(
                account,
                lambda push: self.at(path, push),
                self.platform,
                clock=asyncio.get_running_loop().wall,
            )
        return self.chats[account.app_id]

    async def write(self, words, account=FIRST, person="o6_bmjrPTlm6_2sgVt7hMZ000000"):
        chat = self.chat(account)
        await chat.phone(person).write(words)
        return [bubble.text for bubble in chat.phone(person).bubbles if bubble.side == "account"]

    async def reads(self, words, *answers, account=FIRST):
        """What a person has read when they wrote that."""
        await self.write(words, account)
        [phone] = self.chat(account).phones.values()

        def read():
            return tuple(bubble.text for bubble in phone.bubbles if bubble.side == "account")

        await self.when(lambda: len(read()) >= len(answers))
        assert read() == answers

    async def when(self, is_so, seconds=300):
        for _ in range(int(seconds / 0.25)):
            if is_so():
                return
            await asyncio.sleep(0.25)
        raise AssertionError(self.control.joinings.find(self.publication().id))

    async def states(self):
        return await self.gateway.messages.database.read(
            lambda db: [state for (state,) in db.execute("select state from messages order by seq")]
        )

    async def come_to(self, *states):
        for _ in range(20_000):
            if (now := await self.states()) == list(states):
                return
            await asyncio.sleep(0.25)
        raise AssertionError(now)


def entered(control, agent=AGENT, **more):
    """Published by the third-party platform, which is entered the first time."""
    known = control.applications.all()
    return publish(
        control, agent, "wechat_component", {**({} if known else ITS.settings), **more}, is_new=True
    )


@asynccontextmanager
async def world(folder, *answers, platform=None, enter=True):
    loop = asyncio.get_running_loop()
    platform = platform or ComponentPlatform([FIRST, SECOND], ITS, loop.wall)
    control = Control.in_folder(folder)
    models, doctor = Script(list(answers) or Script().answers), Doctor()
    if enter:
        entered(control)
    async with Server(platform.call) as server:
        gateway = Gateway(
            folder,
            control,
            services(models),
            doctor,
            {"HONGYAN_WECHAT_API": server.url},
            lambda: PUBLIC,
            clock=loop.wall,
            outside=loop.outside,
        )
        await gateway.start()
        try:
            yield World(gateway, control, platform, models, doctor)
        finally:
            await gateway.stop()
