"""A file from a page's script: `POST upload/{page}/{action}?args=…` with its bytes as they are.

The action gets it as `file`, at its beginning and gone when the action ends, beside its other arguments.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from builder.actions import Action, Notice, click
from builder.serving.clicks import MALFORMED, trail_of
from builder.serving.lasting import answered
from runtime import wellformed
from runtime.access.audit.log import Audit
from runtime.errors import HongyanError, Refused
from runtime.files import disk
from runtime.lang import Text
from runtime.server.body import CUT_OFF
from runtime.server.door.ways import Entry, Way, who_of
from runtime.server.statuses import status_of

MOST = 300 << 20
"""Bytes of a file."""
IDLE = 60
"""Seconds in which something of it has to come."""
PIECE = 1 << 20
MOST_ARGUMENTS = 8_000
"""Characters of the other arguments."""
KIND = "application/octet-stream"
"""Not what a form can send: a page of somebody else cannot upload here."""

TOO_LARGE = Text(
    "文件太大，最多 {most} MB；请拆成几个。",
    "The file is too large: at most {most} MB. Split it into several.",
)
STUCK = Text(
    "上传停住了 {seconds} 秒，没有传完，请再试一次。",
    "Nothing of the file came for {seconds} s, so the upload was given up. Please try again.",
)


def routes(tables: Mapping[str, Mapping[str, Action]], folder: Path, audit: Audit) -> list[Way]:
    """`tables`: what each page may do, by its name. `folder`: where a file is while it is under way."""

    async def answer(request: Request) -> Response:
        action = tables.get(request.path_params["page"], {}).get(request.path_params["action"])
        try:
            arguments = _arguments(request)
            if action is not None:
                # before a byte is kept
                action.must(who_of(request), arguments)
            file = _room(folder)
            try:
                if action is not None:
                    await _receive(request, file)
            except BaseException:
                file.close()
                raise
            work = partial(_done, action, arguments, file, request, audit)
            return await answered(action, work, JSONResponse)
        except HongyanError as e:
            return JSONResponse(Notice(e.text, ok=False, code=e.code or "refused").to_json(), status_of(e))

    return [
        Way(
            "/upload/{page:str}/{action:str}",
            answer,
            methods=["POST"],
            needs=Entry.SIGNED_IN,
            most=MOST + PIECE,
        )
    ]


async def _done(
    action: Action | None, arguments: Mapping[str, object], file: IO[bytes], request: Request, audit: Audit
) -> dict[str, Any]:
    name = request.path_params["action"]
    asked = {"action": name, "args": {**arguments, "file": file}}
    with file:
        table, trail = {name: action} if action else {}, trail_of(request, audit)
        return await click(table, asked, who_of(request), uploads=True, trail=trail)


def _arguments(request: Request) -> dict[str, object]:
    """Raises Refused."""
    given = request.query_params.get("args", "{}")
    if request.headers.get("content-type", "") != KIND:
        raise Refused(MALFORMED, code="media_type")
    try:
        if len(given) > MOST_ARGUMENTS:
            raise ValueError(len(given))
        arguments = wellformed.load(given.encode())
    except ValueError:
        raise Refused(MALFORMED, code="malformed") from None
    if not isinstance(arguments, dict):
        raise Refused(MALFORMED, code="malformed")
    return arguments


def _room(folder: Path) -> IO[bytes]:
    """A file without a name: nothing is left of it, also when the power fails. Raises NotSaved."""
    with disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryFile(dir=folder)


async def _receive(request: Request, file: IO[bytes]) -> None:
    """Raises Refused, NotSaved."""
    pieces, size = bytearray(), 0
    stream = aiter(request.stream())
    while True:
        try:
            async with asyncio.timeout(IDLE):
                chunk = await anext(stream, None)
        except TimeoutError:
            raise Refused(STUCK.fill(seconds=IDLE), code="too_slow") from None
        except ClientDisconnect:
            raise Refused(CUT_OFF, code="cut_off") from None
        pieces += chunk or b""
        size += len(chunk or b"")
        if size > MOST:
            raise Refused(TOO_LARGE.fill(most=MOST >> 20), code="too_large")
        if len(pieces) >= PIECE or chunk is None:
            with disk(Path("upload")):
                await asyncio.to_thread(file.write, bytes(pieces))
            pieces.clear()
        if chunk is None:
            file.seek(0)
            return
