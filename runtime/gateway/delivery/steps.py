"""Calls one after another, as a channel writes them: what to ask next, or what all came to."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from runtime.channels import ApiAnswer, ApiRequest, Frame, Steps
from runtime.errors import SendFailed
from runtime.lang import Text
from runtime.network.platform_answer import BUSY

T = TypeVar("T")

log = logging.getLogger(__name__)

BROKEN = Text(
    "平台的回应无法识别，不确定是否收到。", "The platform's answer is unreadable; it may have got it."
)


REFUSED = Text(
    "平台没有接受请求（HTTP {status}）。", "The platform did not take the request (HTTP {status})."
)


@dataclass(frozen=True)
class Came(Generic[T]):
    value: T


def step(steps: Steps[T], answer: ApiAnswer | None) -> "ApiRequest | Frame | Came[T]":
    """The next request, or what all came to. A fault of ours in reading an answer is told as a failure."""
    try:
        return next(steps) if answer is None else steps.send(answer)
    except StopIteration as e:
        return Came(e.value)
    except SendFailed as e:
        raise _failure(answer, e) from None
    except Exception as e:
        log.exception("an answer of a platform's API broke its reader")
        raise SendFailed(BROKEN, code="unreadable") from e


async def heard(asking: Awaitable[ApiAnswer], read: Callable[[ApiAnswer], T]) -> T:
    """What its channel reads in it. A fault of ours on the way says nothing about what the platform did."""
    answer = None
    try:
        answer = await asking
        return read(answer)
    except SendFailed as e:
        raise _failure(answer, e) from None
    except Exception as e:
        log.exception("an answer of a platform's API broke its reader")
        raise SendFailed(BROKEN, code="uncertain") from e


def _failure(answer: ApiAnswer | None, e: SendFailed) -> SendFailed:
    """As the channel understood it. Where it knows no more than that nobody can tell, the status may: by a
    proxy's or a gateway's own JSON nothing was taken."""
    if answer is None or e.code != "uncertain" or not 300 <= answer.status < 500:
        return e
    status = answer.status
    return SendFailed(
        REFUSED.fill(status=status), code=f"http_{status}", retryable=status in BUSY, wait=answer.wait
    )
