"""A requests.Session whose calls leave by our own way out: its proxy, its bounds, its exact failures."""

import asyncio
import io
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter

from runtime.channels import Line
from runtime.errors import SendFailed
from runtime.lang import Text
from runtime.network.platform_api import SECONDS, PlatformApi

MOST_BYTES = 512 * 1024
"""Of an answer: an account's automatic answers may be long."""
ELSEWHERE = Text("管理接口只能访问平台自己的地址。", "A management call may reach its platform only.")
STOPPED = Text("程序正在停止，没有调用。", "The program is stopping; nothing was called.")


def line(host: str, api: PlatformApi, loop: asyncio.AbstractEventLoop) -> Line:
    """To `host`, from any thread but the loop's own."""
    host = host.rstrip("/")
    session = requests.Session()
    session.trust_env, session.max_redirects = False, 0
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Outbound(host, api, loop))
    return Line(host, session)


class _Outbound(BaseAdapter):
    """What requests hands over is a JSON call; PlatformApi makes it on the loop and reads it in bounds."""

    def __init__(self, host: str, api: PlatformApi, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._host, self._api, self._loop = host, api, loop

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Raises SendFailed."""
        url = request.url or ""
        if not url.startswith(f"{self._host}/"):
            raise SendFailed(ELSEWHERE, code="elsewhere")
        parts = urlsplit(url.removeprefix(self._host))
        calling = self._api.call(
            parts.path,
            json.loads(request.body) if request.body else None,
            dict(parse_qsl(parts.query)),
            {name: value for name, value in request.headers.items() if name.lower() in KEPT},
            most=MOST_BYTES,
        )
        try:
            under_way = asyncio.run_coroutine_threadsafe(calling, self._loop)
            status, data = under_way.result(SECONDS + 2)
        except (RuntimeError, TimeoutError):
            calling.close()
            raise SendFailed(STOPPED, code="unreachable") from None
        response = requests.Response()
        response.status_code, response.url, response.request = status, url, request
        response.headers["Content-Type"] = "application/json"
        response.raw = io.BytesIO(json.dumps(data).encode())
        return response

    def close(self) -> None:
        """Nothing is held: the connections are the way out's."""


KEPT = frozenset({"authorization"})
"""Headers that a platform's call may need; the others are the way out's own."""
