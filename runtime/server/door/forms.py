"""What small pages of ours read and write: forms, where to go on, and what was wrong."""

import html
from urllib.parse import parse_qs

from starlette.requests import Request

from runtime.errors import Refused
from runtime.lang import Text
from runtime.server.body import read_body
from runtime.server.door.visit import Visit

MAX_FORM = 8 * 1024
"""Bytes."""


def safe_path(there: str, root: str = "") -> str:
    """A path below `root` on this site to go to, or "/"; pages give it with `root`, links without."""
    if root and there.startswith(f"{root}/"):
        there = there.removeprefix(root)
    plain = there.isprintable() and "\\" not in there
    return there if plain and there.startswith("/") and not there.startswith("//") else "/"


async def form_of(request: Request) -> dict[str, str]:
    try:
        body = await read_body(request, MAX_FORM)
        fields = parse_qs(body.decode("utf-8"), max_num_fields=10)
    except (Refused, ValueError):
        return {}
    return {name: values[0] for name, values in fields.items()}


def alert(wrong: Text | None, lang: str) -> str:
    return f'<p class="wrong" role="alert">{html.escape(wrong.to(lang))}</p>' if wrong else ""


def below_root(request: Request, path: str) -> str:
    return f"{Visit(request.scope).root}{path}"
