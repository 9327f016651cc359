"""GET /backups/file: a backup as it lies there; GET /backups/support: what may be shown to whoever helps.

Both are recorded before anything leaves. A backup may hold all that people said: only whoever may make
backups gets either.
"""

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import BinaryIO

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from builder.serving.clicks import trail_of
from builder.studio import Studio
from runtime.access.audit.log import Audit
from runtime.access.permissions import Permission
from runtime.backups import before_update
from runtime.backups.places import InFolder, Place, where
from runtime.backups.plan import Plans, made_by_plan
from runtime.care import doctor
from runtime.care.site import Site
from runtime.care.support import bundle
from runtime.errors import HongyanError, NotFound
from runtime.lang import Text
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Way, who_of
from runtime.server.statuses import status_of

BYTES = "application/octet-stream"
PIECE = 256 * 1024
NAME = re.compile(r"[a-zA-Z0-9.-]{1,100}", re.ASCII)
CLOSED = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}
GONE = Text("没有这份备份，也许刚被删掉。", "There is no such backup; it may have been let go.")


def routes(studio: Studio, audit: Audit) -> list[Way]:
    async def record(request: Request, what: str, of: str) -> None:
        deed = trail_of(request, audit).deed(who_of(request).id, what, "backups", of)
        await asyncio.to_thread(audit.add, deed)

    async def file(request: Request) -> Response:
        name = request.query_params.get("name", "")
        try:
            place = await asyncio.to_thread(_place, studio, name)
            await record(request, "backups.download", name)
            held = ExitStack()
            source = await asyncio.to_thread(held.enter_context, place.reading(name))
        except HongyanError as e:
            return _refused(request, e)
        return StreamingResponse(_pieces(held, source), media_type=BYTES, headers=_as(name))

    async def support(request: Request) -> Response:
        try:
            await record(request, "backups.support", "")
            site = Site(studio.settings, studio.control)
            found = [one async for one in doctor.examine(site)]
            content = await asyncio.to_thread(bundle, site, found, ())
        except HongyanError as e:
            return _refused(request, e)
        name = f"hongyan-support-{time.strftime('%Y%m%d', time.gmtime())}.zip"
        return Response(content, media_type="application/zip", headers=_as(name))

    return [
        Way("/backups/file", file, methods=["GET"], needs=Permission.BACKUP),
        Way("/backups/support", support, methods=["GET"], needs=Permission.BACKUP),
    ]


def _place(studio: Studio, name: str) -> Place:
    """Where a backup of ours of that name lies; no other name opens anything. Raises HongyanError."""
    data = studio.settings.data
    if NAME.fullmatch(name):
        if any(one.shown == str(data / name) for one in before_update.in_data(data)):
            return InFolder(data)
        if plan := Plans(data).plan():
            place = where(plan.to).place
            if any(name == made for _, made in made_by_plan(place.names(), plan)):
                return place
    raise NotFound(GONE)


def _pieces(held: ExitStack, source: BinaryIO) -> Iterator[bytes]:
    """In a thread, so that a large one is never in memory as a whole."""
    with held:
        while piece := source.read(PIECE):
            yield piece


def _as(name: str) -> dict[str, str]:
    return {**CLOSED, "content-disposition": f'attachment; filename="{name}"'}


def _refused(request: Request, error: HongyanError) -> Response:
    return JSONResponse({"error": error.text.to(Visit(request.scope).lang)}, status_of(error), CLOSED)
