"""A check, and how a list of them is gone through."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from runtime.channels import Told
from runtime.checkup.patient import Patient
from runtime.errors import HongyanError
from runtime.lang import NOTHING, Text

log = logging.getLogger(__name__)

Look = Callable[[Patient], Awaitable[Told | None]]
"""None: there is nothing to tell."""


def always(patient: Patient) -> bool:
    return True


@dataclass(frozen=True)
class Check:
    """`needs`: checks before it without which it tells nothing, as far as they apply."""

    id: str
    title: Text
    look: Look
    needs: tuple[str, ...] = ()
    applies: Callable[[Patient], bool] = always


@dataclass(frozen=True)
class Finding:
    """What one check found. `ok` None: not looked at, or not known yet."""

    check: str
    title: Text
    ok: bool | None
    says: Text
    do: Text = NOTHING
    copy: str = ""

    @classmethod
    def of(cls, check: Check, title: Text, told: Told) -> "Finding":
        return cls(check.id, title, told.ok, told.says, told.do, told.copy)


NOT_LOOKED = Text("没有检查：要先解决「{title}」。", "Not looked at: “{title}” comes first.")
BROKEN = Text("这一项没能检查（{why}）。", "This could not be checked ({why}).")
REPORT = Text("请把这句话反馈给我们。", "Please report this sentence.")


async def examined(patient: Patient, checks: Sequence[Check]) -> AsyncIterator[Finding]:
    """One after another. What depends on a fault, directly or not, is not looked at."""
    blocked: dict[str, Text] = {}
    for check in checks:
        if not check.applies(patient):
            continue
        title = patient.channel.words.fill(check.title)
        cause = next((blocked[need] for need in check.needs if need in blocked), None)
        if cause is not None:
            blocked[check.id] = cause
            yield Finding(check.id, title, None, NOT_LOOKED.fill(title=cause))
            continue
        told = await _looked(check, patient)
        if told is None:
            continue
        finding = Finding.of(check, title, told)
        if finding.ok is False:
            blocked[check.id] = title
        yield finding


async def _looked(check: Check, patient: Patient) -> Told | None:
    try:
        return await check.look(patient)
    except HongyanError as e:
        return Told(None, BROKEN.fill(why=e.text.bare()))
    except Exception as e:  # whatever a strange server causes: the other checks are made all the same
        log.exception("the check %s of %s broke", check.id, patient.id)
        return Told(None, BROKEN.fill(why=type(e).__name__), REPORT)
