"""GET /files/{name}: the owner's own pictures, sound, video and PDF, for whoever has the address.

No other type is sent, no folder is listed, and nothing in a file runs: a PDF's script least of all.
"""

import asyncio

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from runtime.media.own import OwnFiles
from runtime.server.door.ways import Entry, Way

HEADERS = {
    "cache-control": "public, max-age=3600",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
}


class PublicFiles:
    def __init__(self, own: OwnFiles) -> None:
        self._own = own

    def routes(self) -> list[Way]:
        return [Way("/files/{name}", self.show, methods=["GET"], needs=Entry.MACHINE)]

    async def show(self, request: Request) -> Response:
        found = await asyncio.to_thread(self._own.find, request.path_params["name"])
        if found is None:
            return Response(status_code=404, headers={"cache-control": "no-store"})
        return FileResponse(found.path, media_type=found.type, headers=HEADERS)
