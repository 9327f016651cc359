"""That an agent's tests run just now: once for everybody who looks at them, on whichever instance they look.

The lock says that somebody runs them, a file how far they are, another one that somebody wants them to end.
"""

import contextlib
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runtime.agents.file import PRIVATE, path_of, read
from runtime.agents.strict_json import parse, to_bytes
from runtime.errors import BadAgent, HongyanError
from runtime.files import remove, write_whole
from runtime.lang import Text
from runtime.locks import Lock

SILENT = 20.0
"""Seconds without a word after which whoever ran them has died, if nobody holds the lock; so have those whose
clock was ahead."""
BROKEN_OFF = Text(
    "运行中断了：程序停过。请再运行一次。", "The run broke off: the program was stopped. Run them again."
)

Json = dict[str, Any]


class UnderWay:
    """File I/O of a few milliseconds. `folder`: of what runs came to."""

    def __init__(self, folder: Path, id: str) -> None:
        """Raises NotFound for what can be no id."""
        self._told = path_of(id, folder)
        self._stop = self._told.with_suffix(".stop")
        self._lock = Lock(self._told.with_suffix(".lock"))

    def begin(self) -> bool:
        """Whether they are ours to run; else somebody runs them. Raises NotSaved."""
        if not self._lock.take():
            return False
        remove(self._stop)
        return True

    def tell(self, how_far: Mapping[str, Any]) -> None:
        """How far they are. Raises NotSaved."""
        write_whole(self._told, to_bytes({**how_far, "told": time.time()}), PRIVATE)

    def end(self, how_far: Mapping[str, Any]) -> None:
        """They are over; whatever the disk says, others may run them."""
        try:
            with contextlib.suppress(HongyanError):
                self.tell(how_far)
                remove(self._stop)
        finally:
            self._lock.give_back()

    def how_far(self) -> Json | None:
        """As whoever runs them told it last; None where nobody did."""
        try:
            told = parse(read(self._told) or b"null")
        except BadAgent:
            return None
        if not isinstance(told, dict) or not isinstance(told.get("told"), int | float):
            return None
        if not told.get("over") and abs(time.time() - told["told"]) > SILENT and self._is_free():
            return {**told, "over": True, "trouble": BROKEN_OFF.by_language()}
        return told

    def stop(self, began: float) -> None:
        """Let the run that began then end. Raises NotSaved."""
        write_whole(self._stop, to_bytes({"began": began}), PRIVATE)

    def is_to_stop(self, began: float) -> bool:
        try:
            wish = parse(read(self._stop) or b"null")
        except BadAgent:
            return False
        return isinstance(wish, dict) and wish.get("began") == began

    def _is_free(self) -> bool:
        with contextlib.suppress(HongyanError):
            if self._lock.take():
                self._lock.give_back()
                return True
        return False
