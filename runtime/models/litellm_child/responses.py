"""What litellm reads of a response: so many bytes, also of one that was sent packed.

litellm leaves unpacking to httpx, which opens a whole piece at once: 200 kB became 200 MB there, and
everybody's questions waited. Servers are asked not to pack; of one that does all the same no more is opened
than is read.
"""

import zlib
from collections.abc import AsyncIterator, Mapping
from contextvars import ContextVar
from importlib import import_module
from types import MappingProxyType
from typing import Any

MOST = 4_000_000
"""Bytes, unpacked."""
PACKINGS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""zlib's number for each."""
ALONG = ContextVar[Mapping[str, str]]("headers that go along with the question", default=MappingProxyType({}))
"""litellm passes them on for some kinds of questions and some providers, and drops them for others."""


def bound() -> None:
    """No response is read beyond MOST bytes: it would cost seconds of CPU, and everybody's memory."""
    transport = import_module("litellm.llms.custom_httpx.aiohttp_transport")
    failed: type[Exception] = import_module("httpx").ReadError
    send = transport.LiteLLMAiohttpTransport.handle_async_request
    unbounded = transport.AiohttpResponseStream.__aiter__

    async def send_plainly(self: Any, request: Any) -> Any:
        request.headers.update({**ALONG.get(), "accept-encoding": "identity"})
        response = await send(self, request)
        # httpx would open it; `bounded` does
        response.stream.packing = response.headers.pop("content-encoding", "identity").strip().lower()
        return response

    async def bounded(stream: Any) -> AsyncIterator[bytes]:
        packing = getattr(stream, "packing", "identity")
        if packing not in ("", "identity", *PACKINGS):
            raise failed(f"The response is packed with {packing[:40]}, which was not asked for.")
        opener = zlib.decompressobj(PACKINGS[packing]) if packing in PACKINGS else None
        size = 0
        async for chunk in unbounded(stream):
            try:
                opened = opener.decompress(chunk, MOST + 1 - size) if opener else chunk
            except zlib.error:
                raise failed("The response is not packed as it says.") from None
            size += len(opened)
            if size > MOST:
                raise failed(f"The response is larger than {MOST} bytes.")
            yield opened

    transport.LiteLLMAiohttpTransport.handle_async_request = send_plainly
    transport.AiohttpResponseStream.__aiter__ = bounded
