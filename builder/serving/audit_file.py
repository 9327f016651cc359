"""GET /audit/file: the records that a page of the audit log shows, all of them, as a file."""

import asyncio
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime

from pydantic import Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from builder.actions.audit import FOR_EVER, wanted
from builder.serving.clicks import trail_of
from runtime.access.audit.log import Audit
from runtime.access.audit.reading import Form, Wanted, all_of, told
from runtime.access.permissions import Permission
from runtime.errors import StoreFailed
from runtime.schema import Strict
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Way, who_of
from runtime.server.statuses import status_of

ENDINGS = {"csv": "csv", "jsonl": "jsonl", "lines": "txt"}
TYPES = {"csv": "text/csv", "jsonl": "application/jsonl", "lines": "text/plain"}
BATCH = 500
"""Lines that are sent at a time."""
BOM = "\ufeff"
"""Without it Excel reads Chinese as something else."""
CLOSED = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}


class Asked(Strict):
    """As the page's search: see actions/audit.py."""

    form: Form
    by: str = Field("", max_length=200)
    area: str = Field("", max_length=80)
    status: str = Field("", max_length=20)
    text: str = Field("", max_length=200)
    since: float = Field(0.0, ge=0, le=FOR_EVER)
    until: float = Field(FOR_EVER, ge=0, le=FOR_EVER)


def routes(audit: Audit) -> list[Way]:
    """What is exported stands in the log before any of it leaves."""

    async def serve(request: Request) -> Response:
        try:
            asked = Asked.model_validate(dict(request.query_params))
        except ValidationError:
            return JSONResponse({"error": "Bad Request"}, 400, CLOSED)
        trail = trail_of(request, audit)
        deed = trail.deed(who_of(request).id, "audit.export", "audit", asked.form)
        try:
            await asyncio.to_thread(audit.add, deed)
        except StoreFailed as e:
            text = e.text.to(Visit(request.scope).lang)
            return JSONResponse({"error": text}, status_of(e), CLOSED)
        chosen = wanted(asked.by, asked.area, asked.status, asked.text, asked.since, asked.until)
        day = f"{datetime.now(UTC):%Y-%m-%d}"
        name = f"hongyan-audit-{day}.{ENDINGS[asked.form]}"
        saved = {**CLOSED, "content-disposition": f'attachment; filename="{name}"'}
        kind = f"{TYPES[asked.form]}; charset=utf-8"
        return StreamingResponse(_pieces(audit, chosen, asked.form), media_type=kind, headers=saved)

    return [Way("/audit/file", serve, methods=["GET"], needs=Permission.AUDIT_VIEW)]


def _pieces(audit: Audit, chosen: Wanted, form: Form) -> Iterator[str]:
    """In a thread, piece by piece, so that a long log is never in memory as a whole."""
    if form == "csv":
        yield BOM
    lines = told(all_of(audit.path, chosen), form)
    while piece := "".join(itertools.islice(lines, BATCH)):
        yield piece
