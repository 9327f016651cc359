"""POST /agent/files and GET /agent/files/{id}: what somebody sends, and what they had."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from runtime.access.networks import address_of
from runtime.agents.answering import takes_files
from runtime.errors import HongyanError, Invalid, NotFound, TooMany
from runtime.lang import Text
from runtime.media.kept import KeptMedia
from runtime.off_loop import off_loop
from runtime.server.api.api_errors import refusal
from runtime.server.api.chat_api import error_body
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.streams import language
from runtime.server.api.taken_files import TAKEN, SentFile, look_at
from runtime.server.body import read_body
from runtime.server.door.ways import Way
from runtime.server.large_bodies import LargeBodies
from runtime.server.people.people import People, Person
from runtime.store.vanishing import Share

LARGEST = max(TAKEN.values())
SECONDS = 60.0
"""For sending one."""
A_DAY, DAY = 100, 86_400.0
"""Files of one person in that time, in seconds."""
FROM_ONE_PLACE, HOUR = 1024, 3600.0
"""Megabytes from one address in that time, in seconds: so nobody fills the disk, as how many they come."""
SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "audio/", "video/")
"""What a browser may show in place; all else is a download."""
HEADERS = {
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
}
TOO_MANY = Text("今天发的文件太多了，请明天再发。", "Too many files today; send more tomorrow.")
FROM_HERE = Text(
    "从这个地址发的文件太多了，请过一会儿再发。", "Too many files from this address; send more later."
)
NOT_TAKEN = Text("这个智能体不看文件。", "This agent has no use for files.")
GONE = Text("没有这个文件，或它已经删了。", "There is no such file, or it is gone.")


class FilesApi:
    def __init__(
        self, people: People, kept: KeptMedia, browsers: Browsers, large: LargeBodies | None = None
    ) -> None:
        self._people, self._kept, self._browsers = people, kept, browsers
        self._large = large or LargeBodies()

    def routes(self) -> Sequence[Way]:
        return [
            self._browsers.route("/agent/files", self.send, ["POST"], None, LARGEST),
            self._browsers.route("/agent/files/{id}", self.show, ["GET"], None),
        ]

    async def send(self, request: Request) -> Response:
        try:
            person = await self._people.of(request)
            file = await self._taken(request, person)
        except HongyanError as e:
            return refusal(e, error_body(e, language(request)))
        id = self._people.files.id(file, person.publication, person.sender)
        return JSONResponse({"id": id, "kind": file.kind, "name": file.name, "size": file.bytes})

    async def show(self, request: Request) -> Response:
        try:
            person = await self._people.of(request)
            of = person.publication, person.sender
            file = self._people.files.read(request.path_params["id"], *of)
            content = await self._content(file.hash)
        except Invalid as e:
            return refusal(NotFound(e.text), error_body(e, language(request)))
        except HongyanError as e:
            return refusal(e, error_body(e, language(request)))
        is_shown = file.type.startswith(SHOWN)
        way = f"{'inline' if is_shown else 'attachment'}; filename*=UTF-8''{quote(file.name or 'file')}"
        type = file.type if is_shown else "application/octet-stream"
        headers = {**HEADERS, "content-disposition": way}
        if isinstance(content, bytes):
            return Response(content, media_type=type, headers=headers)
        return FileResponse(content, media_type=type, headers=headers)

    async def _content(self, hash: str) -> Path | bytes:
        """Where it lies, to be sent in pieces as they are taken. Raises NotFound."""
        try:
            found = await self._kept.where(hash)
            if isinstance(found, bytes) or await off_loop(found.is_file):
                return found
        except OSError:
            pass
        raise NotFound(GONE)

    async def _taken(self, request: Request, person: Person) -> SentFile:
        """Raises HongyanError."""
        if not takes_files(person.surface.agent):
            raise Invalid(NOT_TAKEN, code="file")
        whose = person.publication, person.sender
        if wait := await self._people.gateway.vanishing.take(Share(("files", *whose), A_DAY, DAY)):
            raise TooMany(TOO_MANY, wait)
        async with self._large.turn(address_of(request.client)):
            content = await read_body(request, LARGEST, SECONDS)
            await self._weighed(request, max(1, len(content)))
            file = await off_loop(look_at, content, request.query_params.get("name", ""))
            await self._kept.keep(content, whose)
        return file

    async def _weighed(self, request: Request, size: int) -> None:
        """Raises TooMany."""
        place, megabytes = ("file bytes", address_of(request.client)), -(-size // 2**20)
        if wait := await self._people.gateway.vanishing.take(Share(place, FROM_ONE_PLACE, HOUR, megabytes)):
            raise TooMany(FROM_HERE, wait)
