"""GET /gradio_api/file=kept/{hash}/…: what was sent in the playground, where Gradio's parts look for it.

Pictures and voices are shown; everything else is only ever downloaded. Whatever it says that it is, nothing
in it acts: no script, no style, no address of ours.
"""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from runtime.access.permissions import Permission
from runtime.server.door.ways import Way

CLOSED = {
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
}
SEEN = frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp"})
HEARD = frozenset({"audio/mpeg", "audio/ogg", "audio/flac", "audio/wav", "audio/mp4", "audio/amr"})
ANY = "application/octet-stream"


Kept = tuple[str, str, Path | bytes]
"""What it is called; its type, as its content says; and that, or where it lies: so it leaves in pieces, as
they are taken, and is in nobody's memory for whoever takes none."""


def answer(found: Kept | None) -> Response:
    """None: it is not here any more."""
    if found is None:
        return Response(status_code=404, headers=CLOSED)
    name, kind, content = found
    headers, type = CLOSED, kind
    if kind not in SEEN | HEARD:
        saved = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        headers, type = {**CLOSED, "content-disposition": saved}, ANY
    if isinstance(content, bytes):
        return Response(content, media_type=type, headers=headers)
    return FileResponse(content, media_type=type, headers=headers)


def _name(told: str) -> str:
    """Of what the page tells of a file (builder/file_box.py), what it is called."""
    try:
        found = json.loads(told)
    except (ValueError, RecursionError):
        return ""
    return str(found.get("name", "")) if isinstance(found, dict) else ""


def routes(find: Callable[[str, str], Awaitable[Kept | None]]) -> list[Way]:
    """`find`: by its hash, to be called by that name; None for what nobody sent here."""

    async def show(request: Request) -> Response:
        path = request.path_params
        return answer(await find(str(path["hash"]), _name(str(path["told"]))))

    path = "/gradio_api/file=kept/{hash}/{told:path}"
    return [Way(path, show, methods=["GET"], needs=Permission.AGENTS_RUN)]
