"""An exception of litellm's, told so that it can cross a socket: strings and numbers only."""

from collections.abc import Mapping
from typing import Any

LONGEST = 16_000
"""Characters of what a provider said."""
HEADERS = ("retry-after", "retry-after-ms", "content-type", "location", "x-request-id")
"""Of a refusal's headers, what somebody may need."""


class CannotAsk(Exception):
    """Nobody need be asked, or what came is not it.

    `kind`: unknown_model, recording, sound, comparing, or no_key with a `variable`.
    """

    def __init__(self, kind: str, variable: str = "") -> None:
        super().__init__(kind)
        self.kind, self.variable = kind, variable


def told(error: BaseException) -> dict[str, Any]:
    """`kind` is empty for what a provider, the network or litellm itself did."""
    if isinstance(error, CannotAsk):
        return {"kind": error.kind, "variable": error.variable}
    # litellm wraps what breaks a running stream.
    error = getattr(error, "original_exception", None) or error
    status = getattr(error, "status_code", None)
    return {
        "kind": "",
        "name": type(error).__name__,
        "status": status if isinstance(status, int) and 0 <= status < 1000 else 0,
        "said": str(error)[:LONGEST],
        "body": _body(error)[:LONGEST],
        "headers": _headers(error),
    }


def _body(error: BaseException) -> str:
    """What the provider itself sent, where litellm still has it."""
    try:
        return str(getattr(getattr(error, "response", None), "text", "") or "")
    except Exception:  # noqa: BLE001 # a response that was never read, or is none: any library's own error
        return ""


def _headers(error: BaseException) -> dict[str, str]:
    found: dict[str, str] = {}
    for holder in (getattr(error, "litellm_response_headers", None), _of_response(error)):
        if isinstance(holder, Mapping):
            lower = {str(name).lower(): str(value)[:200] for name, value in holder.items()}
            found |= {name: lower[name] for name in HEADERS if name in lower and name not in found}
    return found


def _of_response(error: BaseException) -> Any:
    return getattr(error, "headers", None) or getattr(getattr(error, "response", None), "headers", None)
