"""Surfaces on which dozens of people write to one agent: who says what, and what stands in their chats."""

from dataclasses import dataclass

from runtime.simulator.wechat.account_played import OUT_OF_SERVICE, WeChat
from runtime.simulator.wechat.accounts import of_kind
from runtime.simulator.wechat.platform import Platform
from runtime.simulator.wecom_app.simulation import WeComAppSimulation
from runtime.simulator.wecom_group import WeComGroupSimulation

VOICE = b"#!AMR\n\x3c"
"""How a voice message begins; behind it stands what is said in it."""


@dataclass(frozen=True)
class Line:
    """In somebody's chat. `side`: me, account, or the platform with words of its own."""

    at: float
    side: str
    text: str


class OfficialAccount:
    """A verified service account in WeChat, and its followers by number."""

    channel, url_of_api = "wechat", "HONGYAN_WECHAT_API"
    sorry = OUT_OF_SERVICE
    """What somebody reads to whom nothing answered."""

    def __init__(self, clock):
        account = of_kind("verified_service")
        self.settings = account.settings
        self.platform = Platform([account], clock)
        self.account, self.clock = account, clock

    def connect(self, door):
        self.wechat = WeChat(self.account, door, self.platform, clock=self.clock)

    def call(self, request):
        return self.platform.call(request)

    def id_of(self, who):
        return f"o6_bmjrPTlm6_2sgVt7hMZ{who:06d}"

    def phone(self, who):
        return self.wechat.phone(self.id_of(who))

    async def says(self, who, text):
        """Whether the platform was told that it came."""
        delivered = await self.phone(who).write(text)
        return delivered.reply.kind != "fault"

    async def speaks(self, who, words):
        delivered = await self.phone(who).send_file("voice", VOICE + words.encode(), Format="amr")
        return delivered.reply.kind != "fault"

    async def shows(self, who, picture):
        delivered = await self.phone(who).send_file("image", picture)
        return delivered.reply.kind != "fault"

    def chat(self, who):
        sides = {"wechat": "platform"}
        return [Line(one.at, sides.get(one.side, one.side), one.text) for one in self.phone(who).bubbles]

    def void_tokens(self):
        self.platform.tokens.void()

    async def settle(self):
        await self.wechat.settle()


class WeComApp:
    """A company's own app, and its members by number."""

    channel, url_of_api = "wecom_app", "HONGYAN_WECOM_API"
    sorry = "\0"
    """The platform says nothing when nothing answers."""

    def __init__(self, clock):
        self.played = WeComAppSimulation("trusted", clock)
        self.settings = self.played.settings

    def connect(self, door):
        self.played.connect(door, None)

    def call(self, request):
        return self.played.call(request)

    def id_of(self, who):
        return f"member{who}"

    async def says(self, who, text):
        delivered = await self.played.says(self.id_of(who), text)
        return delivered.reply.kind != "fault"

    def chat(self, who):
        return [Line(one.at, one.side, one.sent) for one in self.played.phone(self.id_of(who)).chat]

    def void_tokens(self):
        self.played.platform.void()

    async def settle(self):
        await self.played.settle()


class WeComGroup:
    """A group with a robot in it, to which nobody can write."""

    channel, url_of_api = "wecom_group", "HONGYAN_WECOM_API"

    def __init__(self, clock):
        self.played = WeComGroupSimulation("group", clock)
        self.settings = self.played.settings

    def connect(self, door):
        """Nothing comes from there."""

    def call(self, request):
        return self.played.call(request)

    def chat(self, who=0):
        return [Line(one.at, one.side, one.sent) for one in self.played.chat]

    async def settle(self):
        """Nothing is under way."""
