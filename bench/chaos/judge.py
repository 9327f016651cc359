"""Whether a trial ended as it must."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bench.chaos.states import failures, is_sound, repeats, states, tracebacks
from bench.chaos.trial import PAGES, Trial
from bench.invariants import Broken, Verdict, check, leaks
from bench.load import Wave
from runtime.simulator.history import History

SILENCE = "no answer in 5 s"
"""What a wave calls a callback that was not answered, where it should have been: an account that may not push
lets WeChat hang up and try again."""
TURNED_AWAY = "not acknowledged"
"""What a wave calls a message that WeChat gave up."""


@dataclass(frozen=True)
class Outcome:
    plan: str
    kills: int
    slowest_start: float
    verdict: Verdict
    broken: tuple[Broken, ...]
    """All of the verdict's, leaks, and damage."""
    failures: Counter[str]
    """Messages that were answered with an honest failure, by reason."""
    problems: Counter[str]
    """Attempts of the platform that came to nothing, by what was seen."""
    repeats: int
    """Deliveries of messages that had been delivered before."""
    unseen: int
    """Uncertain messages whose answer did not arrive; the person was told where to see it."""
    taken_over: tuple[float, ...] = ()
    """Seconds until another went on with what one of several had in hand."""

    @property
    def aside(self) -> int:
        """Messages that were blamed for three deaths: none, where nothing stops the process but we."""
        return self.failures["aside"]

    @property
    def failed(self) -> int:
        return self.failures.total()


def judge(trial: Trial, wave: Wave) -> Outcome:
    """The gateway must have ended."""
    history, home = trial.load.history, trial.home
    history.calls = list(trial.model.calls)
    history.states = states(home)
    account = trial.load.account
    history.secrets = {"app_secret": account.app_secret, "encoding_aes_key": account.encoding_aes_key}
    verdict, failed = check(history), failures(home)
    files = [path for one in trial.homes for path in one.rglob("*") if path.is_file()]
    unseen = [id for id in verdict.uncertain if id not in history.answers()]
    twice = trial.shop.taken_twice()
    broken = [
        *verdict.broken,
        *trial.broken,
        *leaks(history, [(path.name, path.read_bytes()) for path in files]),
        *(Broken("I2", id, "its tool ran twice") for id in twice),
        *(found for one in trial.homes for found in damaged(one)),
        *failed_turns(failed, may_fail=trial.plan.may_fail),
        *_turned_away(trial, wave),
    ]
    if account.rights.pushes:
        broken += _left_in_doubt(history, unseen)
    return Outcome(
        plan=trial.plan.name,
        kills=len(history.kills),
        slowest_start=max(trial.starts),
        verdict=replace(verdict, doubled=(*verdict.doubled, *twice)),
        broken=tuple(broken),
        failures=failed,
        problems=wave.problems,
        repeats=repeats(home),
        unseen=len(unseen),
    )


def damaged(home: Path) -> Iterator[Broken]:
    if not is_sound(home):
        yield Broken("P7", "messages.db", "SQLite finds it damaged")
    if bugs := tracebacks(home):
        yield Broken("P1", "gateway.log", f"{len(bugs)} tracebacks: {'; '.join(sorted(set(bugs)))[:500]}")


def failed_turns(failed: Counter[str], *, may_fail: bool) -> Iterator[Broken]:
    """P6 allows an honest failure, but not where nothing but the process was ill."""
    if failed["aside"]:
        yield Broken("P3", "put aside", f"{failed['aside']} messages, none of which stopped the process")
    if failed.total() > failed["aside"] and not may_fail:
        yield Broken("P6", "turns", f"failed though the model was well: {dict(failed)}")


def _turned_away(trial: Trial, wave: Wave) -> Iterator[Broken]:
    """P1, where the process was there all the time."""
    if trial.load.history.kills or trial.plan.may_be_silent:
        return
    if trial.load.account.rights.pushes and (count := wave.problems[SILENCE]):
        yield Broken("P1", "callbacks", f"{count} were not answered in time")
    if count := wave.problems[TURNED_AWAY]:
        yield Broken("P1", "callbacks", f"{count} messages were turned away three times")


def _left_in_doubt(history: History, unseen: list[str]) -> list[Broken]:
    """P6: whose answer was cut off on its way is told where it is."""
    told = {shown.person for shown in history.shown if PAGES in shown.text}
    return [
        Broken("P6", id, "was cut off on its way, and nobody told the person")
        for id in unseen
        if history.pushed[id].person not in told
    ]
