"""What one person sees in the chat, and when; and what they can do there."""

import html
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import parse_qs, urlsplit

from runtime.simulator.wechat.material import in_words
from runtime.simulator.wechat.quotas import Trigger
from runtime.simulator.wechat.wire import Reply

Side = Literal["me", "account", "wechat"]
Route = Literal["", "reply", "push", "page"]

ANCHOR = re.compile(r"""<a\b[^>]*?\bhref=(["'])(.*?)\1[^>]*>(.*?)</a>""", re.S)
ADDRESS = re.compile(r"https?://[^\s<>\"'，。；（）]+")
MENU = "weixin://bizmsgmenu"


@dataclass(frozen=True)
class Tap:
    """Something to tap: `url` is opened, or, for a menu item, `text` is sent as if it had been typed."""

    label: str
    url: str = ""
    text: str = ""
    menu_id: str = ""


@dataclass(frozen=True)
class Bubble:
    """One thing in the chat. `at`: seconds since 1970; side `wechat` is the platform's own line."""

    at: float
    side: Side
    text: str
    route: Route = ""
    attempt: int = 0
    """Which attempt of WeChat's the reply came to."""

    @property
    def taps(self) -> list[Tap]:
        found = [_tap(match[2], match[3]) for match in ANCHOR.finditer(self.text)]
        bare = ADDRESS.findall(ANCHOR.sub(" ", self.text))
        return found + [Tap(address, url=address) for address in bare]


@dataclass(frozen=True)
class Delivered:
    """What became of one message on WeChat's side."""

    id: str
    attempts: int
    reply: Reply
    """`fault` when no attempt was answered as it must be."""
    seconds: float
    """From the first attempt to the response that counted."""


class Post(Protocol):
    """What brings what a person does to the callback."""

    clock: Callable[[], float]

    async def message(
        self, phone: "Phone", fields: Mapping[str, str], trigger: Trigger = "message"
    ) -> Delivered: ...

    async def event(
        self, phone: "Phone", name: str, trigger: Trigger | None = None, **fields: str
    ) -> Delivered: ...

    def lay(self, kind: str, content: bytes) -> Mapping[str, str]: ...

    def show(self, phone: "Phone", bubble: Bubble) -> None: ...

    def button(self, name: str) -> Mapping[str, Any]: ...


@dataclass
class Phone:
    """Made by WeChat.phone(). Everything that is done waits until WeChat has no attempt left to make."""

    openid: str
    wechat: Post = field(repr=False)
    bubbles: list[Bubble] = field(default_factory=list)
    open_page: Callable[[str], Awaitable[str]] | None = field(default=None, repr=False)
    """Fetches a page's text when a link is tapped."""

    async def write(self, text: str) -> Delivered:
        self.bubbles.append(Bubble(self.wechat.clock(), "me", text))
        return await self.wechat.message(self, {"MsgType": "text", "Content": text})

    async def send(self, kind: str, **fields: str) -> Delivered:
        """image(PicUrl, MediaId), voice(MediaId, Format), location(Location_X, …), link(Title, Url) …"""
        self.bubbles.append(Bubble(self.wechat.clock(), "me", f"[{kind}]"))
        return await self.wechat.message(self, {"MsgType": kind, **fields})

    async def send_file(self, kind: str, content: bytes, **fields: str) -> Delivered:
        """A picture (image), a voice message (voice) or a video, which lies at WeChat then."""
        return await self.send(kind, **self.wechat.lay(kind, content), **fields)

    async def follow(self) -> Delivered:
        return await self.wechat.event(self, "subscribe", trigger="subscribe")

    async def unfollow(self) -> Delivered:
        return await self.wechat.event(self, "unsubscribe")

    async def scan(self, value: str) -> Delivered:
        return await self.wechat.event(
            self, "SCAN", trigger="scan", EventKey=value, Ticket="gQH47joAAAAAAAAA"
        )

    async def click(self, key: str) -> Delivered:
        """A menu button of type click."""
        return await self.wechat.event(self, "CLICK", trigger="click", EventKey=key)

    async def choose(self, name: str) -> Delivered:
        """Tap the menu button of that name. Raises LookupError when there is none to be seen."""
        button = self.wechat.button(name)
        if button.get("type") == "click":
            return await self.click(str(button["key"]))
        return await self.wechat.event(self, "VIEW", EventKey=str(button.get("url", "")))

    async def tap(self, tap: Tap | None = None) -> None:
        """Tap something; by default the newest thing that can be tapped. Raises LookupError."""
        tap = tap or self.last_tap()
        if tap.text:
            self.bubbles.append(Bubble(self.wechat.clock(), "me", tap.text))
            fields = {"MsgType": "text", "Content": tap.text, "bizmsgmenuid": tap.menu_id}
            await self.wechat.message(self, fields, trigger="click")
        elif self.open_page:
            page = await self.open_page(tap.url)
            self.wechat.show(self, Bubble(self.wechat.clock(), "account", page, "page"))

    def last_tap(self) -> Tap:
        """Raises LookupError when there is nothing to tap."""
        for bubble in reversed(self.bubbles):
            if bubble.side == "account" and bubble.taps:
                return bubble.taps[-1]
        raise LookupError("nothing in this chat can be tapped")

    @property
    def received(self) -> list[str]:
        """What the account sent, in the order in which it was seen."""
        return [bubble.text for bubble in self.bubbles if bubble.side == "account"]


def shown(kind: str, text: str) -> str:
    """A customer-service message as a phone shows it; a menu's items become links."""
    if kind in ("image", "voice", "video", "news"):
        return in_words(kind, text)
    if kind != "msgmenu":
        return text
    menu = json.loads(text)
    items = [
        f'<a href="{MENU}?msgmenucontent={item["content"]}&msgmenuid={item["id"]}">{item["content"]}</a>'
        for item in menu.get("list", [])
    ]
    return "\n".join(filter(None, (menu.get("head_content"), *items, menu.get("tail_content"))))


def _tap(href: str, label: str) -> Tap:
    href = html.unescape(href)
    if not href.startswith(MENU):
        return Tap(label, url=href)
    query = parse_qs(urlsplit(href).query)
    return Tap(label, text=query.get("msgmenucontent", [""])[0], menu_id=query.get("msgmenuid", [""])[0])
