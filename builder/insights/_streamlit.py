"""Streamlit's own files, as light as they can be: compressed once, without the fonts that nobody sees."""

import asyncio
import gzip
import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from streamlit import file_util

FOLDER = Path(file_util.get_static_dir())
NAME = re.compile(r"(?:js|css|media)/[\w-][\w.@-]*")
TEXT = {".js": "text/javascript", ".css": "text/css"}
FOREVER = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
"""Their names hold a hash of what is in them."""
FONT = re.compile(r"@font-face\{font-family:(?:Source|Material) [^}]*\}")
"""Letters of 166 kB until the theme arrives, icons of 366 kB that no page of ours shows."""
IMPORT = re.compile(r'(?:\bfrom|\bimport)"\./([\w.-]+\.js)"')
LATE = ("Html", "ButtonGroup", "Selectbox", "Button", "TextInput", "Multiselect", "Checkbox")
"""Parts of our pages that Streamlit asks for when it is told to draw them, one after the other."""
OWN = re.compile(r'<link[^>]*(?:as="font"|rel="shortcut icon"|rel="service-desc")[^>]*>')


class Files:
    """At /insights/static. Streamlit compresses nothing of it: each of its 140 files would be sent whole."""

    def __init__(self) -> None:
        self._packed: dict[str, asyncio.Task[tuple[bytes, bytes]]] = {}

    async def serve(self, request: Request) -> Response:
        name = request.path_params["name"]
        path = FOLDER / "static" / name
        if not NAME.fullmatch(name) or not await asyncio.to_thread(path.is_file):
            return Response(status_code=404)
        media_type = TEXT.get(path.suffix)
        if media_type is None:
            return FileResponse(path, headers=FOREVER)
        if name not in self._packed:  # those who ask meanwhile wait for the same work
            self._packed[name] = asyncio.create_task(asyncio.to_thread(_pack, path))
        try:
            packed, plain = await asyncio.shield(self._packed[name])
        except OSError:  # of this moment: no descriptor is free
            self._packed.pop(name, None)
            raise
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(packed, headers=FOREVER | {"content-encoding": "gzip"}, media_type=media_type)
        return Response(plain, headers=FOREVER, media_type=media_type)


def _pack(path: Path) -> tuple[bytes, bytes]:
    text = path.read_text(encoding="utf-8")
    plain = (FONT.sub("", text) if path.suffix == ".css" else text).encode()
    return gzip.compress(plain, 9, mtime=0), plain


def page() -> str:
    """Its one page: it asks for what our pages need at once, and for no font and no icon of its own."""
    text = OWN.sub("", (FOLDER / "index.html").read_text(encoding="utf-8"))
    preload = (f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in _late())
    return text.replace("</head>", "".join(preload) + "</head>", 1)


def _late() -> list[str]:
    """The scripts of LATE with what they import, without what the page names itself."""
    folder = FOLDER / "static" / "js"
    left = [path.name for stem in LATE for path in sorted(folder.glob(f"{stem}.????????.js"))]
    found = set(re.findall(r"static/js/([\w.-]+\.js)", (FOLDER / "index.html").read_text(encoding="utf-8")))
    late = []
    while left:
        name = left.pop(0)
        if name not in found:
            found.add(name)
            late.append(name)
            left += IMPORT.findall((folder / name).read_text(encoding="utf-8"))
    return late
