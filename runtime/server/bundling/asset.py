"""A file that is named by what it holds, so that a browser keeps it for ever."""

import hashlib
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from runtime.server.bundling.packed import Packed, packed


@dataclass(frozen=True)
class Asset:
    name: str
    packed: Packed

    async def serve(self, request: Request) -> Response:
        """Wherever it is routed to."""
        return self.packed.response(request)


def asset(stem: str, suffix: str, media_type: str, text: str) -> Asset:
    name = f"{stem}.{hashlib.sha256(text.encode()).hexdigest()[:12]}.{suffix}"
    return Asset(name, packed(text, media_type))
