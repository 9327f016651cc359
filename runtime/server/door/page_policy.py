"""What a page may run: the scripts that came with it, by a number of this one answer, and files of ours.

What a library's pages do not do without is said beside them, and nobody else has it."""

import re
import secrets
from dataclasses import dataclass

from starlette.responses import HTMLResponse

SCRIPT = re.compile(r"<script(?=[\s>])")


@dataclass(frozen=True)
class Needs:
    """What a kind of page does not do without. `evaluates`: it makes script of a text; `styles`: its elements
    have styles of their own."""

    evaluates: bool = False
    styles: bool = False


GRADIO = Needs(evaluates=True, styles=True)
"""What an event runs in the browser is a text of which it makes a function; its components bring styles."""
STREAMLIT = Needs(styles=True)
"""Its components bring styles."""
OURS = Needs()


def guarded(page: str, needs: Needs) -> tuple[str, dict[str, str]]:
    """A page of which every script in it is our own, and the header that goes with it."""
    nonce = secrets.token_urlsafe(16)
    # Without quotes: in a script that holds this very text, it ends no string.
    return SCRIPT.sub(f"<script nonce={nonce}", page), {"content-security-policy": policy(nonce, needs)}


def answer(page: str, needs: Needs) -> HTMLResponse:
    shown, headers = guarded(page, needs)
    return HTMLResponse(shown, headers=headers)


def policy(nonce: str, needs: Needs) -> str:
    evaluated = " 'unsafe-eval'" if needs.evaluates else ""
    styles = " 'unsafe-inline'" if needs.styles else ""
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'{evaluated}; style-src 'self'{styles}; "
        "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
