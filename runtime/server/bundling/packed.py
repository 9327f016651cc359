"""Files that browsers keep for ever, each compressed once."""

import asyncio
import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import brotli
from starlette.requests import Request
from starlette.responses import FileResponse, Response

FOREVER = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
"""For names that hold a hash of what is in them."""
NAME = re.compile(r"[\w@-][\w.@-]*(?:/[\w@-][\w.@-]*)*")
TEXT = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml"}
QUALITY = 5
"""Brotli's: a tenth more than the smallest in a fortieth of the time, which each start and the first who
comes wait for."""


@dataclass(frozen=True)
class Packed:
    """A text as it goes over the line, in each way that browsers understand."""

    media_type: str
    plain: bytes
    gzipped: bytes
    brotlied: bytes

    def response(self, request: Request) -> Response:
        accepted = request.headers.get("accept-encoding", "")
        for encoding, body in (("br", self.brotlied), ("gzip", self.gzipped)):
            if encoding in accepted:
                headers = FOREVER | {"content-encoding": encoding}
                return Response(body, headers=headers, media_type=self.media_type)
        return Response(self.plain, headers=FOREVER, media_type=self.media_type)


def packed(text: str, media_type: str) -> Packed:
    plain = text.encode()
    return Packed(
        media_type, plain, gzip.compress(plain, 9, mtime=0), brotli.compress(plain, quality=QUALITY)
    )


class Files:
    """A library's files, whose names hold a hash. Route it to a path with {name:path}.

    `light` may take from a text what our pages never show; it is told the name.
    """

    def __init__(self, folder: Path, light: Callable[[str, str], str] = lambda name, text: text) -> None:
        self._folder = folder
        self._light = light
        self._packed: dict[str, asyncio.Task[Packed]] = {}

    async def serve(self, request: Request) -> Response:
        name = request.path_params["name"]
        path = self._folder / name
        if not NAME.fullmatch(name) or not await asyncio.to_thread(path.is_file):
            return Response(status_code=404)
        media_type = TEXT.get(path.suffix)
        if media_type is None:
            return FileResponse(path, headers=FOREVER)
        if name not in self._packed:  # those who ask meanwhile wait for the same work
            work = asyncio.to_thread(self._pack, path, name, media_type)
            self._packed[name] = asyncio.create_task(work)
        try:
            found = await asyncio.shield(self._packed[name])
        except OSError:  # of this moment: no descriptor is free
            self._packed.pop(name, None)
            raise
        return found.response(request)

    def _pack(self, path: Path, name: str, media_type: str) -> Packed:
        return packed(self._light(name, path.read_text(encoding="utf-8")), media_type)
