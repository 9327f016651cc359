"""GET /made/{key}/{name}: what a tool made for somebody, for whoever has the address."""

import asyncio
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from runtime.errors import HongyanError
from runtime.media.made import MadeFiles
from runtime.server.door.ways import Entry, Way

HEADERS = {
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
}
SHOWN = ("image/", "application/pdf")


class PublicMade:
    def __init__(self, made: MadeFiles) -> None:
        self._made = made

    def routes(self) -> list[Way]:
        return [Way("/made/{key}/{name}", self.show, methods=["GET"], needs=Entry.MACHINE)]

    async def show(self, request: Request) -> Response:
        key, name = request.path_params["key"], request.path_params["name"]
        found = await asyncio.to_thread(self._made.find, f"/made/{key}/{quote(name)}")
        try:
            content = await self._made.where(found) if found else None
        except (OSError, HongyanError):
            content = None
        if found is None or content is None:
            return Response(status_code=404, headers={"cache-control": "no-store"})
        way = "inline" if found.type.startswith(SHOWN) else "attachment"
        named = {"content-disposition": f"{way}; filename*=UTF-8''{quote(found.name)}"}
        if isinstance(content, bytes):
            return Response(content, media_type=found.type, headers={**HEADERS, **named})
        return FileResponse(content, media_type=found.type, headers={**HEADERS, **named})
