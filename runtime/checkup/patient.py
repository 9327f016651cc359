"""One publication that is checked up: the ways to ask about it, and what was found on the way."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from runtime.channels import (
    ApiAnswer,
    ApiRequest,
    AsksPlatform,
    Authenticates,
    Channel,
    Granted,
    OwnServer,
    Question,
    Told,
    Verifies,
)
from runtime.errors import SendFailed
from runtime.lang import Text
from runtime.management.accounts import Accounts
from runtime.network.outside import Answer, Names, Outside
from runtime.network.platform_api import Outbound, PlatformApi
from runtime.publish.doctor import State
from runtime.publish.reached import Reach


@dataclass(frozen=True)
class Ways:
    """How the world is asked. `hosts` replaces platforms' API hosts, as in Settings."""

    outside: Outside
    outbound: Outbound
    accounts: Accounts
    reach: Reach
    hosts: Mapping[str, str]
    clock: Callable[[], float] = time.time
    patience: float | None = None
    """Seconds that an answer of ours may take; None: as long as the platform waits."""
    came: Callable[[str, float], int] = lambda publication, since: 0
    """How many messages came to a publication since then, whichever process took them. Raises TooSlow,
    Unreadable."""
    fact: Callable[[str], tuple[str, float] | None] = lambda name: None
    """What the gateway noted under a name, and when; it may be another process."""


@dataclass
class Patient:
    """`base`: our public address without a slash at its end, or ""."""

    id: str
    channel: Channel
    base: str
    path: str
    ways: Ways
    state: Callable[[], State]
    enabled: bool = True
    channel_name: str = ""
    names: Names | None = None
    """What its host resolves to, once that was asked."""
    answer: Answer | None = None
    """To the request that the platform makes when it checks the address."""
    expected: bytes = b""
    clock_there: float | None = None
    """The platform's time."""
    token: str = ""
    refused: SendFailed | None = None
    """Why there is no access token."""
    refusal: ApiAnswer | None = None
    """… and the answer that said so."""
    probe: ApiAnswer | SendFailed | None = None
    """What came of asking whether we may push, once that was asked."""

    @property
    def url(self) -> str:
        return self.base + self.path

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.base)

    @property
    def host(self) -> str:
        return self.parts.hostname or ""

    @property
    def port(self) -> int:
        return self.parts.port or (443 if self.parts.scheme == "https" else 80)

    @property
    def addresses(self) -> Sequence[str]:
        """Where a platform calls, which comes over IPv4."""
        names = self.names or Names()
        return names.a or names.aaaa

    @property
    def patience(self) -> float:
        own = self.channel.patience if isinstance(self.channel, Verifies) else math.inf
        return self.ways.patience or min(own, 30.0)

    @property
    def api(self) -> PlatformApi:
        assert isinstance(self.channel, AsksPlatform)
        return self.ways.outbound.api(self.api_host)

    @property
    def api_host(self) -> str:
        assert isinstance(self.channel, AsksPlatform)
        return self.ways.hosts.get(self.channel.api_host_setting) or self.channel.api_host

    async def fresh_token(self, channel: Authenticates) -> str:
        """An access token; `refusal` is why there is none. Raises SendFailed."""
        if isinstance(channel, Granted):
            return await self.ways.accounts.token(channel)  # the one that all share: another may void it
        self.refusal = await self.called(channel.token_request())
        return channel.token(self.refusal).value

    async def asked(self, question: Question) -> Told:
        """Raises SendFailed."""
        return question.read(await self.called(self.authorized(question.request)))

    def authorized(self, request: ApiRequest) -> ApiRequest:
        """With the access token, where there is one."""
        if not self.token:
            return request
        return self.channel.authorized(request, self.token)  # type: ignore[attr-defined,no-any-return] # an ability

    async def called(self, request: ApiRequest) -> ApiAnswer:
        """What the platform's API says, asked as the gateway asks. Raises SendFailed."""
        assert isinstance(self.channel, AsksPlatform)
        if isinstance(self.channel, OwnServer):
            return await self.ways.accounts.called(self.channel, request)
        leaves = self.channel.outgoing(request)
        of_account = "" if self.channel.api_host_setting in self.ways.hosts else leaves.host
        api = self.ways.outbound.api(of_account) if of_account else self.api
        return ApiAnswer(*await api.call(leaves.path, leaves.body, leaves.query, leaves.headers))

    def told(self, ok: bool | None, says: Text, do: Text, /, **values: object) -> Told:
        """Both sentences with the channel's own words and these values in them."""
        words = self.channel.words
        return Told(ok, words.fill(says, **values), words.fill(do, **values))
