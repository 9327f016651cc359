"""Who calls the API: `Authorization: Bearer hy-…`, a key of one agent."""

import time

from starlette.requests import Request

from runtime.errors import NotFound, Refused
from runtime.lang import Text
from runtime.server.limiter import Limiter, address_of
from runtime.store.control import Control
from runtime.store.records import ApiKey, Publication

NO_KEY = Text(
    "缺少 API 密钥，请在 Authorization 头里写 Bearer hy-…", "No API key: send Authorization: Bearer hy-…"
)
BAD_KEY = Text("API 密钥无效、已过期或已作废。", "The API key is wrong, expired or revoked.")
TOO_OFTEN = Text("无效密钥试得太多，请 15 分钟后再试。", "Too many wrong keys; try again in 15 minutes.")


class KeyCheck:
    """Finds the agent that a request may talk to."""

    def __init__(self, control: Control, limiter: Limiter) -> None:
        self._control = control
        self._limiter = limiter

    def key(self, request: Request) -> ApiKey:
        """Raises Refused: no_key, bad_key, or too_often after ten wrong keys from an address.

        A right key passes even then: with 256 random bits there is nothing to guess, and behind a proxy one
        broken client would otherwise shut out all others.
        """
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise Refused(NO_KEY, code="no_key")
        found = self._control.find_key(key.strip())
        if found:
            return found
        address, now = f"key {address_of(request.client)}", time.time()
        if self._limiter.wait(address, now):
            raise Refused(TOO_OFTEN, code="too_often")
        self._limiter.count(address, now)
        raise Refused(BAD_KEY, code="bad_key")

    def publication(self, key: ApiKey) -> Publication:
        """Where the key's agent answers API requests. Raises NotFound when it was taken back."""
        for publication in self._control.publications():
            if publication.enabled and (publication.agent, publication.channel) == (key.agent, "api"):
                return publication
        raise NotFound(
            Text(
                f"「{key.agent}」没有发布到 API，请先发布。",
                f"{key.agent!r} is not published to the API; publish it first.",
            )
        )
