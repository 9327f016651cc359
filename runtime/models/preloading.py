"""Models that a server loads only when it is asked: loaded before somebody waits for the first answer.

Ollama does so by a request without a prompt, and keeps the model for as long as its own OLLAMA_KEEP_ALIVE
says: https://github.com/ollama/ollama/blob/main/docs/faq.mdx ("How can I preload a model"). vLLM has its
model from the start.
"""

import logging
from collections.abc import Iterable, Mapping

import aiohttp

from runtime.models.providers import PROVIDERS, Endpoints
from runtime.models.targets import address_of
from runtime.network.proxy import Proxy
from runtime.network.sessions import open_session

MOST = 3
"""Models: more would put each other out of the memory."""
SECONDS = 300.0
"""A large one comes from a slow disk."""
BYTES = 64 * 1024

log = logging.getLogger(__name__)


async def preload(names: Iterable[str], endpoints: Endpoints, environment: Mapping[str, str]) -> list[str]:
    """Those that are loaded now, as `endpoint/model`. What fails is left to the first question."""
    known = {one.name: one for one in endpoints.endpoints()}
    loaded: list[str] = []
    for name in list(dict.fromkeys(names)):
        first, _, model = name.partition("/")
        endpoint = known.get(first)
        path = PROVIDERS[endpoint.provider].load_path if endpoint else ""
        if endpoint is None or not path or not model or len(loaded) == MOST:
            continue
        url = address_of(endpoint).rstrip("/") + path
        key = endpoint.api_key.get_secret_value() if endpoint.api_key else ""
        try:
            await _load(url, model, key, Proxy.out(environment).of(url))
        except (aiohttp.ClientError, TimeoutError, OSError) as e:
            log.warning("%s is not loaded beforehand (%s)", name, type(e).__name__)
        else:
            log.info("%s is loaded", name)
            loaded.append(name)
    return loaded


async def _load(url: str, model: str, key: str, proxy: str | None) -> None:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    timeout = aiohttp.ClientTimeout(total=SECONDS, sock_connect=4.0)
    async with (
        open_session(aiohttp.TCPConnector(), timeout=timeout, headers=headers) as session,
        session.post(url, json={"model": model}, allow_redirects=False, proxy=proxy) as response,
    ):
        await response.content.read(BYTES)
        response.raise_for_status()
