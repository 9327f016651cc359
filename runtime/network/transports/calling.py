"""Calls to a server that its owner named which is asked and answers: by which protocol says its address."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runtime.network.egress import Egress
from runtime.network.transports import Server
from runtime.newest import Newest

if TYPE_CHECKING:
    from runtime.network.transports.letters.api import LettersApi

SERVERS = 200
"""Whose connections are kept."""


class OwnServers:
    """Mail servers are all that there are so far: imaps, imap."""

    def __init__(self, egress: Egress) -> None:
        self._egress = egress
        self._kept: Newest[tuple[str, str], LettersApi] = Newest(SERVERS)

    async def call(self, server: Server, account: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Over the connection that is kept for the account, unless it only asks. Raises SendFailed."""
        if path == "/check":
            one = _api(server, self._egress)
            try:
                return await one.call(path, body, time.time())
            finally:
                await one.close()
        kept = self._kept.of((server.url, account), lambda: _api(server, self._egress))
        return await kept.call(path, body, time.time())

    async def file(self, server: Server, body: Mapping[str, Any], most: int) -> bytes | None:
        """Over one of its own: the other one may be waiting. Raises SendFailed."""
        one = _api(server, self._egress)
        try:
            return await one.file(body, most)
        finally:
            await one.close()

    async def close(self) -> None:
        for one in self._kept.values():
            await one.close()


def _api(server: Server, egress: Egress) -> "LettersApi":
    from runtime.network.transports.letters.api import LettersApi

    return LettersApi(server, egress)
