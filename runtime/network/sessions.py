"""Our HTTP sessions to the outside, set up once: whoever asks somebody else asks through one of these."""

from collections.abc import Callable, Mapping, Sequence

import aiohttp

NO_LIMIT = aiohttp.ClientTimeout(total=None)
NONE: Mapping[str, str] = {}


def open_session(
    connector: aiohttp.BaseConnector | None = None,
    *,
    timeout: aiohttp.ClientTimeout = NO_LIMIT,
    headers: Mapping[str, str] = NONE,
    unpacks: bool = False,
    traces: Sequence[aiohttp.TraceConfig] = (),
) -> aiohttp.ClientSession:
    """Keeps no cookies, which would travel with somebody else's request, and reads no environment.

    As many connections as are asked for, unless `connector` bounds them: whoever asks bounds how many, and
    nobody's seconds run out while waiting for one. `unpacks`: whether packed bodies come unpacked, however
    large they become; without it whoever reads them unpacks within a bound of his own. Call it on the loop.
    """
    return aiohttp.ClientSession(
        connector=connector or aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=timeout,
        headers=headers,
        auto_decompress=unpacks,
        trust_env=False,
        trace_configs=list(traces),
    )


class KeptSession:
    """A session that is opened when it is first needed, on the loop that needs it."""

    def __init__(self, make: Callable[[], aiohttp.ClientSession] = open_session) -> None:
        self._make = make
        self._session: aiohttp.ClientSession | None = None

    def get(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = self._make()
        return self._session

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()
