"""What a refusal of a platform leaves of a part, and how it is counted."""

import re

from runtime.channels import Codes
from runtime.errors import SendFailed
from runtime.gateway.delivery.rates import TOO_SOON
from runtime.gateway.delivery.tokens import NO_TOKEN
from runtime.gateway.surfaces import Surface
from runtime.store.messages.parts import Pushed

COUNTED = re.compile(r"-?[0-9]{1,7}|[a-z_]{1,20}(_[0-9]{3})?")


def counted(code: str) -> str:
    """A platform's code as it is kept and counted: what it may say is bounded."""
    return code if COUNTED.fullmatch(code) else "other"


def state_after(surface: Surface, error: SendFailed) -> Pushed:
    if error.code in ("uncertain", "not_shown"):
        return "unknown"
    gone = surface.pusher is not None and error.code in surface.pusher.codes.unreachable
    return "unreachable" if gone else "held"


def is_about_the_part(surface: Surface, error: SendFailed) -> bool:
    """The platform does not take this, and has nothing against the person or the account."""
    codes = surface.pusher.codes if surface.pusher else Codes()
    known = codes.stale | codes.forbidden | codes.unreachable | codes.throttled | codes.blocking.keys()
    ways = {"uncertain", "not_shown", "unreachable", NO_TOKEN, TOO_SOON} | codes.lost
    return not (error.retryable or error.code in known | ways or error.code.startswith("http_"))


def may_be_about_the_part(surface: Surface, error: SendFailed) -> bool:
    pusher = surface.pusher
    return is_about_the_part(surface, error) or (pusher is not None and error.code in pusher.codes.either)
