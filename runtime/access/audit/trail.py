"""Whoever acts from one place, and what of it is written down: begun before, and with how it ended."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from runtime.access.audit.log import Audit
from runtime.access.audit.record import Deed, Status
from runtime.access.changes import Change, told_here
from runtime.access.things.things import names_in
from runtime.errors import Forbidden, HongyanError

T = TypeVar("T")
log = logging.getLogger("hongyan.audit")


class Doing:
    """Under way. `named`: what it is asked with; None: whatever changes is its doing, as of a command.

    Raises StoreFailed, NotSaved.
    """

    def __init__(self, audit: Audit, deed: Deed, named: Collection[str] | None) -> None:
        self._audit, self._deed, self._things = audit, deed, audit.things
        self.what = deed.what
        self._id = audit.begin(deed)
        self._seen = self._things.seen(named) if self._things else None

    def end(self, status: Status, told: Sequence[Change], answered: object = None) -> None:
        """`told`: by the work itself, for what stands in no file of ours; `answered`: what was made may be
        named in it."""
        before, after = self._changed(answered)
        if not before and not after:
            before = [value for change in told for value in change.before]
            after = [value for change in told for value in change.after]
        self._audit.end(self._id, self._deed, status, tuple(before), tuple(after))

    def _changed(self, answered: object) -> tuple[list[str], list[str]]:
        """A file that nobody foresaw takes no record away."""
        if self._things is None or self._seen is None:
            return [], []
        try:
            return self._things.changed(self._seen, names_in(answered), self._deed.who)
        except Exception:  # a bug of ours in telling it: what was done is recorded all the same
            log.exception("what %s changed is not in the audit log", self.what)
            return [], []


def status_of(error: BaseException | None) -> Status:
    if error is None:
        return "done"
    return "refused" if isinstance(error, Forbidden) else "failed"


@dataclass(frozen=True)
class Trail:
    """`origin`: address and session, or the command line."""

    audit: Audit
    origin: str

    async def during(self, deed: Deed, work: Callable[[], Awaitable[T]], asked: object = None) -> T:
        """For an event loop, which waits for no store. `asked`: with what; names may be in it."""
        under_way = await asyncio.to_thread(Doing, self.audit, deed, names_in([asked, deed.who]))
        error: BaseException | None = None
        answer: T | None = None
        with told_here() as told:
            try:
                answer = await work()
            except BaseException as e:
                error = e
                raise
            finally:
                await asyncio.to_thread(self._ended, under_way, error, told, answer)
            return answer

    def deed(self, who: str, what: str, kind: str, of: str) -> Deed:
        return Deed(who, self.origin, what, kind, of)

    @contextmanager
    def doing(self, deed: Deed) -> Iterator[None]:
        """For a thread. Raises what is raised inside; StoreFailed and NotSaved before anything is done."""
        under_way = Doing(self.audit, deed, None)
        error: BaseException | None = None
        with told_here() as told:
            try:
                yield
            except BaseException as e:
                error = e
                raise
            finally:
                self._ended(under_way, error, told)

    @staticmethod
    def _ended(
        under_way: Doing, error: BaseException | None, told: Sequence[Change], answer: object = None
    ) -> None:
        """What was begun stands, and is told of as broken off, where its end cannot be written."""
        try:
            under_way.end(status_of(error), told, answer)
        except HongyanError as e:
            log.error("how %s ended is not in the audit log: %s", under_way.what, e)
