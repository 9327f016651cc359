"""Asking a provider: public addresses only, or what an operator permits; bounded in time and size."""

import email.utils
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from runtime import wellformed
from runtime.access.sso.asking.way import trouble
from runtime.errors import Blocked, HongyanError
from runtime.lang import Text
from runtime.network.fetched import Fetched, Http
from runtime.network.reach import Reach

SECONDS = 8.0
"""For one question, with its redirects."""
LARGEST = 256 * 1024
"""Bytes of an answer."""
DEEPEST = 12
REACH = Reach(chosen="owner", tool="sign_in")
"""An operator permits an own network's provider by `sign_in=host:port` in HONGYAN_EGRESS_ALLOW."""
FORM = "application/x-www-form-urlencoded"
NO_JSON = Text("{host} 的回应不是 JSON（HTTP {status}）。", "{host} did not answer JSON (HTTP {status}).")
TOO_LARGE = Text("{host} 的回应太大，没有读。", "What {host} answers is too large and was not read.")
LED_AWAY = Text(
    "{url} 跳转到了 {there}。请填跳转后的地址。", "{url} leads on to {there}. Enter the address it leads to."
)
BLOCKED = Text(
    "{host}：{why}内部的登录服务在那里写成 sign_in={place}。",
    "{host}: {why} A provider inside is written there as sign_in={place}.",
)
NOT_HTTPS = Text(
    "「{url}」不是 https。只有管理员在 HONGYAN_EGRESS_ALLOW 里写明的内部地址才能用 http。",
    "{url} is not https. Only an internal address that HONGYAN_EGRESS_ALLOW names may be http.",
)
NO_ADDRESS = Text("「{url}」不是完整的网址。", "{url!r} is no whole address.")


class Way(Http, Protocol):
    """The way out, see network/egress.py."""

    def permits(self, url: str, reach: Reach) -> bool: ...


@dataclass(frozen=True)
class Said:
    status: int
    data: dict[str, Any]
    at: float | None
    """The other clock, in seconds since 1970; None where it does not say."""


class Web:
    """Raises Refused (code `provider`). What is sent stands in no message."""

    def __init__(self, http: Way, seconds: float = SECONDS) -> None:
        self._http, self._seconds = http, seconds

    def checked(self, url: Any) -> str:
        """An address that may be asked, or led to."""
        text = (
            url if isinstance(url, str) and url.isascii() and url.isprintable() and len(url) <= 2_000 else ""
        )
        try:
            parts = urlsplit(text)
            is_whole = bool(parts.scheme in ("http", "https") and parts.hostname) and parts.username is None
            _ = parts.port
        except ValueError:
            is_whole = False
        if not is_whole or " " in text or "\\" in text:
            raise trouble(NO_ADDRESS.fill(url=str(url)[:200]))
        if parts.scheme != "https" and not self._http.permits(text, REACH):
            raise trouble(NOT_HTTPS.fill(url=text))
        return text

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Said:
        return await self._ask("GET", url, headers or {}, None)

    async def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Said:
        return await self._ask("POST", url, {**headers, "Content-Type": FORM}, urlencode(form).encode())

    async def _ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Said:
        url = self.checked(url)
        told = {"Accept": "application/json", **headers}
        try:
            came = await self._http.fetch(
                method, url, headers=told, body=body, seconds=self._seconds, max_bytes=LARGEST, reach=REACH
            )
        except Blocked as e:
            raise trouble(_where(url, e)) from None
        except HongyanError as e:
            raise trouble(e.text) from None
        return await _read(url, came)


async def _read(url: str, came: Fetched) -> Said:
    host = urlsplit(url).netloc
    if _plain(came.url) != _plain(url):
        raise trouble(LED_AWAY.fill(url=url, there=came.url.partition("?")[0][:200]))
    if came.cut:
        raise trouble(TOO_LARGE.fill(host=host))
    try:
        data = await wellformed.read(came.body, largest=LARGEST, deepest=DEEPEST, unrepeated=True)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise trouble(NO_JSON.fill(host=host, status=came.status))
    return Said(came.status, data, _time(came.headers.get("date", "")))


def _plain(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc.lower().removesuffix(":443").removesuffix(":80"), parts.path or "/"


def _where(url: str, e: Blocked) -> Text:
    parts = urlsplit(url)
    place = f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    return BLOCKED.fill(host=parts.netloc, why=e.text, place=place)


def _time(date: str) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError):
        return None
