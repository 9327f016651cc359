"""GET /gradio_api/file=kept/{hash}/…: a picture in the playground's box, small, to see what will be sent."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from runtime.access.permissions import Permission
from runtime.server.door.ways import Way

CLOSED = {
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
}

Picture = tuple[str, bytes]
"""Its type and its bytes."""


def routes(find: Callable[[str], Awaitable[Picture | None]]) -> list[Way]:
    """Where Gradio's box looks for it. `find`: by its hash; None for what is no picture that is kept."""

    async def show(request: Request) -> Response:
        found = await find(str(request.path_params["hash"]))
        if found is None:
            return Response(status_code=404, headers=CLOSED)
        return Response(found[1], media_type=found[0], headers=CLOSED)

    path = "/gradio_api/file=kept/{hash}/{told:path}"
    return [Way(path, show, methods=["GET"], needs=Permission.AGENTS_RUN)]
