"""Who calls the API: `Authorization: Bearer hy-…`, a key of one agent."""

import math
import time

from starlette.requests import Request

from runtime.access.keys import Keys
from runtime.access.networks import address_of
from runtime.errors import NotFound, Refused, TooMany
from runtime.lang import Text
from runtime.server.api.streams import Streams
from runtime.store.control.control import Control
from runtime.store.control.records import ApiKey, Publication
from runtime.store.vanishing import Share, Vanishing

NO_KEY = Text(
    "缺少 API 密钥，请在 Authorization 头里写 Bearer hy-…", "No API key: send Authorization: Bearer hy-…"
)
BAD_KEY = Text("API 密钥无效、已过期或已作废。", "The API key is wrong, expired or revoked.")
TOO_OFTEN = Text("无效密钥试得太多，请 15 分钟后再试。", "Too many wrong keys; try again in 15 minutes.")
TOO_FAST = Text(
    "这个密钥每分钟最多 {most} 个请求，请过 {wait} 秒再试。",
    "This key may ask {most} times a minute; try again in {wait} s.",
)
USED_UP = Text(
    "这个密钥 24 小时内的额度（{most}）用完了，请稍后再试，或请主人调高。",
    "This key has used up its {most} of the last 24 hours; try again later or ask the owner for more.",
)
MOST_WRONG = 10
"""Wrong keys of an address…"""
WRONG = 15 * 60
"""…in so many seconds."""
DAY = 24 * 60 * 60
MEGABYTE = 1_000_000


class KeyCheck:
    """Finds the agent that a request may talk to."""

    def __init__(self, control: Control, vanishing: Vanishing) -> None:
        self._control = control
        self._vanishing = vanishing

    async def key(self, request: Request) -> ApiKey:
        """Raises Refused: no_key, bad_key, or too_often after ten wrong keys from an address.

        A right key passes even then: with 256 random bits there is nothing to guess, and behind a proxy one
        broken client would otherwise shut out all others.
        """
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise Refused(NO_KEY, code="no_key")
        found = Keys(self._control).find(key.strip())
        if found:
            return found
        wrong = await self._vanishing.count(("wrong keys", address_of(request.client)), WRONG)
        if wrong.amount > MOST_WRONG:
            raise Refused(TOO_OFTEN, code="too_often")
        raise Refused(BAD_KEY, code="bad_key")

    async def admit(self, request: Request, gateway: Streams) -> ApiKey:
        """The key, when it may ask once more. Raises Refused."""
        key = await self.key(request)
        most = key.per_minute
        if most and (wait := await self._vanishing.take(Share(("requests", key.id), most, 60))):
            raise TooMany(TOO_FAST.fill(most=most, wait=math.ceil(wait)), wait)
        if key.per_day or key.tokens_per_day:
            since = time.time() - DAY
            asked, tokens = await gateway.used(self.publication(key).id, sender_of(key, ""), since)
            if key.per_day and asked >= key.per_day:
                raise TooMany(USED_UP.fill(most=key.per_day), 60)
            if key.tokens_per_day and tokens >= key.tokens_per_day:
                raise TooMany(USED_UP.fill(most=f"{key.tokens_per_day} token"), 60)
        return key

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


def sender_of(key: ApiKey, context: str) -> str:
    """Conversations of one key are not those of another, whatever names a client gives them."""
    return f"{key.id[:12]}:{context}"
