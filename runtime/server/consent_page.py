"""Where a browser comes back to after an account's owner consented: GET /c/{application}/consent/{back}."""

import html
import re
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from runtime.lang import Text
from runtime.server.door.small_page import small_page
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Entry, Way

BACK = re.compile(r"[A-Za-z0-9_-]{16,64}")
PROOFS = ("auth_code", "code")
"""Names of the parameter that holds what the consent is proved with: today's, and the one of RFC 6749."""
DONE = Text("授权成功", "Consent received")
DONE_HINT = Text(
    "正在接通，几秒后发布页会显示。这个页面可以关掉了。",
    "It goes live within seconds, as the publish page will show. You may close this page.",
)
OLD = Text("这个授权链接已经用过，或已过期", "This link was used, or has expired")
OLD_HINT = Text(
    "如果发布页显示已经接通，就不用再做什么；否则请在发布页重新扫码。",
    "If the publish page says that it is live, nothing is to be done; if not, scan again there.",
)


class CameBack(Protocol):
    """What we need of the gateway's part for applications."""

    async def came_back(self, id: str, back: str, proof: str) -> bool: ...


def routes(applying: CameBack) -> list[Way]:
    """Whoever comes shows by `back` that we sent this browser there; it counts once."""

    async def endpoint(request: Request) -> Response:
        back, query = request.path_params["back"], request.query_params
        given = [value for name, value in query.multi_items() if name in PROOFS]
        is_ours = len(given) == 1 and BACK.fullmatch(back) is not None
        if is_ours and await applying.came_back(request.path_params["application"], back, given[0]):
            return _page(request, DONE, DONE_HINT, 200)
        return _page(request, OLD, OLD_HINT, 410)

    place = "/c/{application}/consent/{back}"
    return [Way(place, endpoint, methods=["GET"], needs=Entry.MACHINE)]


def _page(request: Request, title: Text, hint: Text, status: int) -> Response:
    visit = Visit(request.scope)
    return small_page(visit, title, f"<p>{html.escape(hint.to(visit.lang))}</p>", status)
