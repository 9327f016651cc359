"""Streamlit's own page and files, as light as can be: packed once, without fonts that nobody sees."""

import asyncio
import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import brotli
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from builder.insights import _pack
from builder.insights._pack import FOLDER

T = TypeVar("T")
NAME = re.compile(r"(?:js|css|media)/[\w-][\w.@-]*")
SPLIT = re.compile(r"split/([\w-][\w.@-]*\.js)")
TEXT = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
FOREVER = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
"""Their names hold a hash of what is in them."""
FONT = re.compile(r"@font-face\{font-family:(?:Source|Material) [^}]*\}")
"""Letters of 166 kB until the theme arrives, icons of 366 kB that no page of ours shows."""
OWN = re.compile(
    r'<link[^>]*(?:as="font"|rel="shortcut icon"|rel="service-desc")[^>]*>|<noscript>.*?</noscript>',
    re.DOTALL,
)
"""Of no use here: fonts, icons, an interface that is closed."""
INSTEAD = (
    "<script>addEventListener('error',function(e){var t=e.target;"
    "if(t.localName==='script'&&t.dataset.instead)import(t.dataset.instead)},true)</script>"
)
"""Of a script that cannot be had, what is taken instead: no page of ours has script in an attribute. Of
scripts alone: what is shown on a page may have such an attribute, and never is one."""
AHEAD = re.compile(r'<link rel="modulepreload"[^>]*>\s*')
QUALITY = 5
"""Brotli's: 493 kB in a quarter of the time that 475 take, for which the first who comes waits."""


class Files:
    """At /insights/static, and the page that asks for them. Each is made once, in a thread.

    Streamlit compresses nothing of it.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._made: dict[str, asyncio.Task[object]] = {}

    async def page(self) -> str:
        return await self._once("page", lambda: page(self._folder))

    async def serve(self, request: Request) -> Response:
        name = request.path_params["name"]
        pack = await self._once("pack", lambda: _pack.pack(self._folder))
        if pack and name == pack.name:
            return await self._packed(request, name, pack.text.encode)
        if found := SPLIT.fullmatch(name):
            return await self._split(request, found[1])
        path = self._folder / "static" / name
        if not NAME.fullmatch(name) or not await asyncio.to_thread(path.is_file):
            return Response(status_code=404)
        if path.suffix not in TEXT:
            return FileResponse(path, headers=FOREVER)
        return await self._packed(request, name, lambda: _read(path))

    async def _split(self, request: Request, name: str) -> Response:
        """One that is in no pack, because no page of ours needs it as a rule."""
        try:
            return await self._packed(
                request, f"split/{name}", lambda: _pack.wrapped(self._folder, name).alone.encode()
            )
        except (_pack.Unknown, FileNotFoundError):
            return Response(status_code=404)

    async def _packed(self, request: Request, name: str, read: Callable[[], bytes]) -> Response:
        accepted = {
            part.split(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")
        }
        coding = next((coding for coding in PACKERS if coding in accepted), "")
        plain = await self._once(name, read)
        media_type = TEXT[Path(name).suffix]
        if not coding:
            return Response(plain, headers=FOREVER, media_type=media_type)
        body = await self._once(f"{coding} {name}", lambda: PACKERS[coding](plain))
        return Response(body, headers=FOREVER | {"content-encoding": coding}, media_type=media_type)

    async def _once(self, key: str, make: Callable[[], T]) -> T:
        """Those who ask meanwhile wait for the same work."""
        if key not in self._made:
            self._made[key] = asyncio.create_task(asyncio.to_thread(make))
        try:
            return cast(T, await asyncio.shield(self._made[key]))
        except (OSError, _pack.Unknown):  # of this moment: no descriptor is free
            self._made.pop(key, None)
            raise


def _gzip(plain: bytes) -> bytes:
    return gzip.compress(plain, 9, mtime=0)


def _brotli(plain: bytes) -> bytes:
    return bytes(brotli.compress(plain, quality=QUALITY))


PACKERS: dict[str, Callable[[bytes], bytes]] = {"br": _brotli, "gzip": _gzip}
"""The smallest first."""


def _read(path: Path) -> bytes:
    if path.suffix != ".css":
        return path.read_bytes()
    return FONT.sub("", path.read_text(encoding="utf-8")).encode()


def page(folder: Path = FOLDER) -> str:
    """Its one page: it asks for what our pages need at once, and for no font and no icon of its own.

    A browser that gets no pack takes the files one by one.
    """
    text = OWN.sub("", (folder / "index.html").read_text(encoding="utf-8"))
    pack = _pack.pack(folder)
    if pack is None:
        late = _pack.late(path.name for path in (folder / "static" / "js").glob("*.js"))
        links = "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in late)
        return text.replace("</head>", f"{links}</head>", 1)
    text = _pack.ENTRY.sub("", AHEAD.sub("", text))
    whole, one = f"./static/{pack.name}", f"./static/js/{pack.entry}"
    begin = f'{INSTEAD}<script type="module" crossorigin src="{whole}" data-instead="{one}"></script>'
    # before the sheets, so that it is asked for first
    return text.replace("<head>", f"<head>{begin}", 1)
