"""What an OpenID Connect provider says of itself (OpenID Connect Discovery 1.0)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.access.sso.asking.way import trouble
from runtime.access.sso.asking.web import Web
from runtime.errors import Refused
from runtime.lang import Text
from runtime.newest import Newest

FRESH = 600.0
"""Seconds that what a provider said counts."""
AGAIN = 5.0
"""Seconds in which one that failed is not asked again."""
OTHER_ISSUER = Text(
    "登录服务自称「{theirs}」，这里填的是「{ours}」。两者必须一字不差：请把 issuer 改成前者，或检查地址。",
    "The provider calls itself {theirs!r}, and {ours!r} is entered here. Both must be alike to the letter: "
    "change the issuer to the former, or check the address.",
)
NO_DISCOVERY = Text(
    "{url} 没有 OpenID Connect 的配置（HTTP {status}）。请检查 issuer。",
    "There is no OpenID Connect configuration at {url} (HTTP {status}). Check the issuer.",
)
MISSING = Text(
    "登录服务的配置里没有可用的 {what}：{why}",
    "The provider's configuration has no usable {what}: {why}",
)


@dataclass(frozen=True)
class Metadata:
    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    """"": there is none. The same below."""
    end_session: str
    posts_secret: bool
    """The secret goes into the form, and not into a header."""
    says_issuer: bool
    """It says who it is when it sends a browser back, too (RFC 9207)."""
    at: float | None
    """Its clock, when it said this."""


class Known:
    """What providers said of themselves lately, by issuer."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._said: Newest[str, tuple[float, Metadata | Refused]] = Newest(100)
        self._asking: Newest[str, asyncio.Lock] = Newest(100)

    async def of(self, issuer: str, now: float, *, anew: bool = False) -> Metadata:
        """Raises Refused (code `provider`). `now`: seconds, of any clock that goes on."""
        lock = self._asking.get(issuer) or asyncio.Lock()
        self._asking[issuer] = lock
        async with lock:  # of many who come at once, one asks
            at, said = self._said.get(issuer) or (float("-inf"), None)
            if said is None or anew or now - at > (AGAIN if isinstance(said, Refused) else FRESH):
                try:
                    said = await discover(self._web, issuer)
                except Refused as e:
                    said = e
                self._said[issuer] = now, said
        if isinstance(said, Refused):
            raise trouble(said.text)
        return said


async def discover(web: Web, issuer: str) -> Metadata:
    """Raises Refused (code `provider`)."""
    from authlib.oidc.discovery import get_well_known_url  # authlib has 4 MB, which few need

    url = get_well_known_url(issuer, external=True)
    said = await web.get(url)
    if said.status != 200:
        raise trouble(NO_DISCOVERY.fill(url=url, status=said.status))
    told = said.data
    if told.get("issuer") != issuer:  # a provider that calls itself by another's name is none (mix-up)
        raise trouble(OTHER_ISSUER.fill(theirs=str(told.get("issuer"))[:200], ours=issuer))
    methods = told.get("token_endpoint_auth_methods_supported")
    return Metadata(
        issuer=issuer,
        authorization=_address(web, told, "authorization_endpoint"),
        token=_address(web, told, "token_endpoint"),
        keys=_address(web, told, "jwks_uri"),
        userinfo=_address(web, told, "userinfo_endpoint") if "userinfo_endpoint" in told else "",
        end_session=_address(web, told, "end_session_endpoint") if "end_session_endpoint" in told else "",
        posts_secret=isinstance(methods, list)
        and "client_secret_basic" not in methods
        and "client_secret_post" in methods,
        says_issuer=told.get("authorization_response_iss_parameter_supported") is True,
        at=said.at,
    )


def _address(web: Web, told: Mapping[str, Any], name: str) -> str:
    try:
        return web.checked(told.get(name))
    except Refused as e:
        raise trouble(MISSING.fill(what=name, why=e.text)) from None
