"""Who calls the API: `Authorization: Bearer hy-…`. One check for every route that a key opens.

What a route needs is said beside it (`Way.asks`), what a key may is runtime.access.keys; here they meet.
"""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.requests import HTTPConnection, Request

from runtime.access.actor import Actor
from runtime.access.key_caps import cap_of, key_name
from runtime.access.key_uses import KeyUses
from runtime.access.keys import WORDS, Keys, agents_of
from runtime.access.networks import address_of
from runtime.access.permissions import Permission
from runtime.access.user_caps import UserCaps
from runtime.caps import Cap
from runtime.errors import Forbidden, Invalid, NotFound, Refused, TooMany
from runtime.lang import Text, as_it_is
from runtime.server.api.rates import Rates, Told, dollars, tighter
from runtime.server.api.streams import MAX_BODY, Streams
from runtime.server.door.visit import Visit
from runtime.server.door.ways import asked_of
from runtime.server.large_bodies import LargeBodies
from runtime.store.control.control import Control
from runtime.store.control.records import ApiKey, Publication
from runtime.store.vanishing import Share, Vanishing

NO_KEY = Text(
    "缺少 API 密钥，请在 Authorization 头里写 Bearer hy-…", "No API key: send Authorization: Bearer hy-…"
)
BAD_KEY = Text(
    "这个 API 密钥不能用：写错了、过期了、作废了，或它的主人不再来了。请检查是否复制完整，"
    "不行就请发给您的人另发一个。",
    "This API key does not work: it is mistyped, expired, revoked, or its owner has left. Check that it was "
    "copied whole, else ask whoever gave it to you for another.",
)
TOO_OFTEN = Text("无效密钥试得太多，请 15 分钟后再试。", "Too many wrong keys; try again in 15 minutes.")
NOT_FOR_THIS = Text(
    "这个密钥不能「{words}」（{id}）。请用可以的密钥；命令 key create --operates 发这样的密钥。",
    "This key may not {words} ({id}). Use one that may; key create --operates makes one.",
)
WHICH = Text(
    "这个密钥可以用几个智能体，请在 {field} 里写是哪一个：{agents}。",
    "This key is for several agents: say in {field} which one: {agents}.",
)
NOT_THIS = Text(
    "这个密钥不能用「{agent}」，可以用：{agents}。", "This key is not for {agent!r}, it is for: {agents}."
)
TOO_FAST = Text(
    "这个密钥每分钟最多 {most} 个请求，请过 {wait} 秒再试。",
    "This key may ask {most} times a minute; try again in {wait} s.",
)
USED_UP = Text(
    "这个密钥今天的额度（{most}）用完了。请等到明天，或请主人调高。",
    "This key has used up its {most} of today; wait until tomorrow, or ask the owner for more.",
)
OWNER_USED_UP = Text(
    "这个密钥的主人今天的额度（{most}）用完了：他的全部密钥和试用合在一起算。请等到明天，或请管用量的人调高。",
    "Whose key this is has used up {most} of today: all their keys and what they try out count together. "
    "Wait until tomorrow, or ask whoever looks after limits for more.",
)
MOST_WRONG = 10
"""Wrong keys of an address…"""
WRONG = 15 * 60
"""…in so many seconds."""
DAY = 24 * 60 * 60
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Caller:
    """Whoever holds a key that opens a route. `who`: what they may do at this moment."""

    key: ApiKey
    who: Actor
    permission: Permission
    """What the route needs."""

    @property
    def agents(self) -> tuple[str, ...]:
        """Those on which they may."""
        return tuple(one for one in agents_of(self.key) if self.who.may(self.permission, one))

    def on(self, agent: str = "", field: str = "agent") -> ApiKey:
        """The key as it is for that agent; "": the only one. Raises NotFound, Invalid."""
        mine = self.agents
        if not agent and len(mine) > 1:
            raise Invalid(WHICH.fill(field=field, agents=_listed(mine)), field=field, code="invalid")
        if agent and agent not in mine:
            text = NOT_THIS.fill(agent=agent[:100], agents=_listed(mine))
            raise NotFound(text, field=field, code="model_not_found")
        return self.key.model_copy(update={"agent": agent or mine[0]})


class KeyCheck:
    """Finds who a request is from, and what it may."""

    def __init__(self, control: Control, vanishing: Vanishing, large: LargeBodies | None = None) -> None:
        self._control = control
        self._vanishing = vanishing
        self._large = large or LargeBodies()
        self._uses, self._caps = KeyUses(control), UserCaps(control)

    async def key(self, request: HTTPConnection) -> Caller:
        """Raises Forbidden; Refused: no_key, bad_key, or too_often after ten wrong keys from an address.

        A right key passes even then: with 256 random bits there is nothing to guess, and behind a proxy one
        broken client would otherwise shut out all others.
        """
        if not (key := Visit(request.scope).bearer):
            raise Refused(NO_KEY, code="no_key")
        keys = Keys(self._control)
        found = keys.find(key)
        if found is None:
            wrong = await self._vanishing.count(("wrong keys", address_of(request.client)), WRONG)
            if wrong.amount > MOST_WRONG:
                raise Refused(TOO_OFTEN, code="too_often")
            raise Refused(BAD_KEY, code="bad_key")
        self._note(found, address_of(request.client))
        caller = Caller(found, keys.actor(found), asked_of(request))
        if not caller.agents:
            words, id = WORDS[caller.permission], caller.permission.id
            raise Forbidden(NOT_FOR_THIS.fill(words=words, id=id), code="key")
        return caller

    async def admit(self, request: HTTPConnection, gateway: Streams) -> Caller:
        """Who may ask once more. Raises as `key`, and TooMany. What is left is told in the response."""
        caller = await self.key(request)
        key = caller.key
        most = key.per_minute
        if most and (wait := await self._vanishing.take(Share(("requests", key.id), most, 60))):
            raise TooMany(TOO_FAST.fill(most=most, wait=math.ceil(wait)), wait)
        told: Rates | None = None
        for rates, text in await self._bounds(key, gateway):
            told = Told.of(request).rates = tighter(told, rates) if told else rates
            if over := rates.cap.used_up(rates.used.spent):
                raise TooMany(text.fill(most=_said(over, rates.cap)), rates.used.seconds)
        return caller

    async def _bounds(self, key: ApiKey, gateway: Streams) -> list[tuple[Rates, Text]]:
        """The key's own, and that of whose it is: of all their keys together."""
        found = list[tuple[Rates, Text]]()
        if cap := cap_of(key).any:
            found.append((Rates(cap, await gateway.spending.of_key(key_name(key))), USED_UP))
        if key.user and (cap := self._caps.cap(key.user).any):
            found.append((Rates(cap, await gateway.spending.of_user(key.user)), OWNER_USED_UP))
        return found

    @asynccontextmanager
    async def reading(self, request: Request, key: ApiKey) -> AsyncIterator[None]:
        """While a body is read that may be large: one that says it is small waits for nobody. TooMany."""
        told = request.headers.get("content-length", "")
        if told.isascii() and told.isdigit() and len(told) < 10 and int(told) <= MAX_BODY:
            yield
            return
        async with self._large.turn(key.id):
            yield

    async def weigh(self, key: ApiKey, size: int) -> None:
        """Count the bytes of a request, which vanishes. Raises Refused."""
        most = key.megabytes_per_day
        if not most or not size:
            return
        if wait := await self._vanishing.take(Share(("bytes", key.id), most * MEGABYTE, DAY, size)):
            raise TooMany(USED_UP.fill(most=f"{most} MB"), wait)

    def publication(self, key: ApiKey) -> Publication:
        """Where the key's agent answers API requests. Raises NotFound when it was taken back."""
        for publication in self._control.publications():
            if publication.enabled and (publication.agent, publication.channel) == (key.agent, "api"):
                return publication
        raise NotFound(
            Text(
                "「{agent}」没有发布到 API，请先发布。",
                "{agent!r} is not published to the API; publish it first.",
            ).fill(agent=key.agent)
        )

    def _note(self, key: ApiKey, address: str) -> None:
        """That it was used: now and then, and nobody waits for it."""
        if self._uses.is_due(key.id):
            asyncio.get_running_loop().run_in_executor(None, self._uses.note, key.id, address)


def sender_of(key: ApiKey, context: str) -> str:
    """Conversations of one key are not those of another, whatever names a client gives them."""
    return f"{key_name(key)}:{context}"


def _listed(agents: tuple[str, ...]) -> Text:
    return as_it_is(", ".join(agents))


def _said(over: str, cap: Cap) -> Text:
    """Which of its limits that is."""
    if over == "messages":
        return Text("{n} 条消息", "{n} messages").fill(n=cap.messages)
    return as_it_is(f"{cap.tokens} token" if over == "tokens" else dollars(cap.money or 0.0))
