"""Whoever acts from one place, and what of it is written down: begun before, and with how it ended."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from runtime.access.audit.log import Audit
from runtime.access.audit.record import Deed, Status
from runtime.access.changes import Change, told_here
from runtime.errors import Forbidden, HongyanError

T = TypeVar("T")
log = logging.getLogger("hongyan.audit")


class Doing:
    """Under way. Raises StoreFailed, NotSaved."""

    def __init__(self, audit: Audit, deed: Deed) -> None:
        self._audit, self._deed = audit, deed
        self.what = deed.what
        self._id = audit.begin(deed)

    def end(self, status: Status, changes: list[Change]) -> None:
        before = tuple(value for change in changes for value in change.before)
        after = tuple(value for change in changes for value in change.after)
        self._audit.end(self._id, self._deed, status, before, after)


def status_of(error: BaseException | None) -> Status:
    if error is None:
        return "done"
    return "refused" if isinstance(error, Forbidden) else "failed"


@dataclass(frozen=True)
class Trail:
    """`origin`: address and session, or the command line."""

    audit: Audit
    origin: str

    async def during(self, deed: Deed, work: Callable[[], Awaitable[T]]) -> T:
        """Like doing, for an event loop, which does not wait for the store."""
        under_way = await asyncio.to_thread(Doing, self.audit, deed)
        error: BaseException | None = None
        with told_here() as changes:
            try:
                return await work()
            except BaseException as e:
                error = e
                raise
            finally:
                await asyncio.to_thread(self._ended, under_way, error, changes)

    def deed(self, who: str, what: str, kind: str, of: str) -> Deed:
        return Deed(who, self.origin, what, kind, of)

    @contextmanager
    def doing(self, deed: Deed) -> Iterator[None]:
        """For a thread. Raises what is raised inside; StoreFailed and NotSaved before anything is done."""
        under_way = Doing(self.audit, deed)
        error: BaseException | None = None
        with told_here() as changes:
            try:
                yield
            except BaseException as e:
                error = e
                raise
            finally:
                self._ended(under_way, error, changes)

    @staticmethod
    def _ended(under_way: Doing, error: BaseException | None, changes: list[Change]) -> None:
        """What was begun stands, and is told of as broken off, where its end cannot be written."""
        try:
            under_way.end(status_of(error), changes)
        except HongyanError as e:
            log.error("how %s ended is not in the audit log: %s", under_way.what, e)
