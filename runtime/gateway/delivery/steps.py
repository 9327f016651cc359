"""Calls one after another, as a channel writes them: what to ask next, or what all came to."""

import logging
from dataclasses import dataclass
from typing import Generic, TypeVar

from runtime.channels import ApiAnswer, ApiRequest, Frame, Steps
from runtime.errors import SendFailed
from runtime.lang import Text

T = TypeVar("T")

log = logging.getLogger(__name__)

BROKEN = Text(
    "平台的回应无法识别，不确定是否收到。", "The platform's answer is unreadable; it may have got it."
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
    except SendFailed:
        raise
    except Exception as e:
        log.exception("an answer of a platform's API broke its reader")
        raise SendFailed(BROKEN, code="unreadable") from e
