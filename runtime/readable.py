"""What stands in a file beside the work: a damaged one is done without, and keeps nobody from an answer."""

import functools
import logging
from collections.abc import Callable
from typing import TypeVar

from runtime.errors import Unreadable

T = TypeVar("T")
TOLD = 100
"""Different damages, each of which is in the log once."""

log = logging.getLogger(__name__)


def if_readable(find: Callable[[], T], otherwise: T) -> T:
    """What is found; the other where the file cannot be read."""
    try:
        return find()
    except Unreadable as e:
        _tell(e.text.en)
        return otherwise


@functools.lru_cache(TOLD)
def _tell(said: str) -> None:
    log.error("it is done without: %s", said)
