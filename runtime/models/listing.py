"""Which models a server says that it has: fetched when the owner tests it, bounded, and typed here."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from runtime import wellformed
from runtime.lang import Text
from runtime.models.failures import ErrorResponse, explain, unusable
from runtime.models.providers import PROVIDERS, Endpoint
from runtime.models.targets import address_of
from runtime.network.proxy import Proxy
from runtime.network.sessions import open_session
from runtime.off_loop import off_loop

MOST = 500
"""Names that are shown."""
LARGEST = 4_000_000
"""Bytes that are read: OpenRouter's list has 700 kB."""
LONGEST = 200
"""Characters of a name."""
SECONDS = 10.0

HOLDERS = ("data", "models", "result", "items")
"""Where servers put the list: OpenAI's protocol, Gemini and Ollama, and some behind their own wrapping."""
NAMES = ("id", "name", "model", "model_id")


async def listed(endpoint: Endpoint, environment: Mapping[str, str]) -> list[str]:
    """Names as its server gives them, each once; none where nobody says how to ask for them.

    Raises ModelFailed.
    """
    address, headers = _asked(endpoint, _key(endpoint, environment))
    if not address:
        return []
    secrets = [_key(endpoint, environment)]
    timeout = aiohttp.ClientTimeout(total=SECONDS, sock_connect=4.0)
    try:
        async with (
            open_session(aiohttp.TCPConnector(), unpacks=True) as session,
            session.get(
                address,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
                proxy=Proxy.out(environment).of(address),
            ) as response,
        ):
            content = await _read(response)
            if response.status != 200:
                raise ErrorResponse(response.status, content[:4000].decode("utf-8", "replace"), {})
    except (aiohttp.ClientError, TimeoutError, ErrorResponse) as e:
        host = address.split("/")[2]
        raise explain(e, endpoint.name, host, secrets) from None
    if len(content) > LARGEST:
        raise unusable(endpoint.name, Text("模型列表过长", "its list of models is far too long"))
    return await off_loop(_names, content, endpoint.name)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    content = b""
    async for chunk in response.content.iter_chunked(65_536):
        content += chunk
        if len(content) > LARGEST:
            break
    return content


def _key(endpoint: Endpoint, environment: Mapping[str, str]) -> str:
    if endpoint.api_key:
        return endpoint.api_key.get_secret_value()
    # As with questions: a key from the environment goes to its provider only.
    return "" if endpoint.api_base else environment.get(PROVIDERS[endpoint.provider].key_env, "").strip()


def _asked(endpoint: Endpoint, key: str) -> tuple[str, dict[str, str]]:
    """Where its list is, and what is to be sent along."""
    provider = PROVIDERS[endpoint.provider]
    base = (address_of(endpoint) or provider.list_base).rstrip("/")
    if not base:
        return "", {}
    headers = {name: value.format(key=key) for name, value in provider.list_headers.items()} if key else {}
    return base + provider.list_path, headers


def _names(content: bytes, endpoint: str) -> list[str]:
    """Raises ModelFailed when it is no list of models."""
    try:
        data = wellformed.load(content, largest=LARGEST)
    except ValueError:
        raise unusable(endpoint, Text("模型列表不是 JSON", "its list of models is no JSON")) from None
    found = _list(data)
    if found is None:
        raise unusable(endpoint, Text("回答里没有模型列表", "there is no list of models in its answer"))
    names: dict[str, None] = {}
    for one in found:
        if name := _name(one):
            names[name] = None
        if len(names) == MOST:
            break
    return list(names)


def _list(data: Any) -> list[Any] | None:
    if isinstance(data, list):
        return data
    if not isinstance(data, Mapping):
        return None
    inner = (data[holder] for holder in HOLDERS if holder in data)
    return next((found for one in inner if (found := _list(one)) is not None), None)


def _name(one: Any) -> str:
    """What it is asked by; "" for what can be none."""
    if isinstance(one, Mapping):
        one = next((one[name] for name in NAMES if isinstance(one.get(name), str)), None)
    if not isinstance(one, str):
        return ""
    name = one.strip().removeprefix("models/")
    is_one = 0 < len(name) <= LONGEST and name.isprintable() and not any(c.isspace() for c in name)
    # An address for a model would be asked there, with our key.
    return name if is_one and "://" not in name and not name.startswith("/") else ""
