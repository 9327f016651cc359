"""The backup that is due: made by one of several instances, checked by restoring it, the oldest let go."""

import contextlib
import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runtime.backups.key_files import lying
from runtime.backups.making import Made, check, make
from runtime.backups.places import STALE, Where, where
from runtime.backups.plan import Last, Plan, Plans, due_at, to_go
from runtime.backups.sealing_keys import Key
from runtime.errors import HongyanError
from runtime.files import listed
from runtime.lang import Text
from runtime.locks import alone_or_not
from runtime.store.home_files import MESSAGES

log = logging.getLogger(__name__)

LEFT = (f".new-{MESSAGES}-*", ".checking-*")
BUG = Text("程序出错了：{why}", "the program failed: {why}")


@dataclass(frozen=True)
class Outcome:
    """`last`: as it is noted; None: nothing was due, or another instance is at it."""

    last: Last | None
    gone: int = 0


def run_due(
    home: Path,
    place: str,
    clock: Callable[[], float] = time.time,
    checks: Callable[..., object] = check,
    *,
    is_asked: bool = False,
) -> Outcome:
    """Make it if it is due, or asked for. Raises NotSaved; what is wrong with the backup itself is noted and
    returned.

    `place`: the zone of its hour; `checks`: as `check` does.
    """
    data = home / "data"
    plans = Plans(data)
    with alone_or_not(data / "backup.lock") as is_ours:
        plan, last, now = plans.plan(), plans.last(), clock()
        if not is_ours or plan is None or not (is_asked or due_at(plan, last, place, now) <= now):
            return Outcome(None)
        plans.note(last.model_copy(update={"begun": now, "ended": None}))
        _sweep(data, now)
        try:
            made, to, key = _made(home, plan, now)
            _prove(checks, to, made, key, data)
        except HongyanError as e:
            return Outcome(_failed(plans, last, now, clock(), e.text))
        except Exception as e:  # a bug of ours is told like any other failure
            log.exception("a backup failed")
            return Outcome(_failed(plans, last, now, clock(), BUG.fill(why=repr(e)[:200])))
        done = Last(
            begun=now,
            ended=clock(),
            good_at=now,
            file=to.place.shown(made.name),
            bytes=made.saved.bytes,
            contents=made.saved.contents,
            seconds=round(clock() - now, 1),
        )
        plans.note(done)
        return Outcome(done, _let_go(to, plan, now))


def _sweep(data: Path, now: float) -> None:
    """Copies that a process made and could not take away because it was killed."""
    for pattern in LEFT:
        for path in listed(data, pattern):
            with contextlib.suppress(OSError):
                if now - path.stat().st_mtime > STALE:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()


def _made(home: Path, plan: Plan, now: float) -> tuple[Made, Where, Key | None]:
    to, key = where(plan.to), lying(plan.key_file, plan.passphrase_file)
    return make(home, to, key, now, plan.mark), to, key


def _prove(checks: Callable[..., object], to: Where, made: Made, key: Key | None, data: Path) -> None:
    """One that does not come back whole goes at once: it would take the place of one that does."""
    try:
        checks(to.place, made.name, key, data, made.own)
    except BaseException:
        with contextlib.suppress(HongyanError):
            to.place.remove(made.name)
        raise


def _let_go(to: Where, plan: Plan, now: float) -> int:
    """Only once the newest came back whole. What cannot be removed is told in the log: a backup there is."""
    try:
        gone = to_go(to.place.names(), plan, now)
        for name in gone:
            to.place.remove(name)
        to.place.clean()
    except HongyanError as e:
        log.warning("older backups stay: %s", e.text.en)
        return 0
    return len(gone)


def _failed(plans: Plans, last: Last, begun: float, ended: float, text: Text) -> Last:
    noted = last.model_copy(
        update={
            "begun": begun,
            "ended": ended,
            "failures": last.failures + 1,
            "trouble": text.by_language(),
        }
    )
    plans.note(noted)
    log.error("a backup failed: %s", text.en)
    return noted
