"""The check-up of a connection: begin it, look on while it runs, and explain what somebody pasted."""

from typing import Any

from builder.actions import pair
from builder.actions.lasting import begins, brief, lasts
from builder.studio import Studio
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.checkup import explain, opening
from runtime.checkup.check import Finding
from runtime.checkup.running import Checkup
from runtime.lang import Text

Json = dict[str, Any]


@needs(Permission.AGENTS_PUBLISH, on="publication")
@begins(seen="look", ended="stop")
@unrecorded("looks whether all is well")
async def begin(studio: Studio, publication: str) -> Json:
    """Begin one, or join the one that is under way. Raises NotFound, Unreadable."""
    return _seen(studio.checkups.begin(publication))


@needs(Permission.AGENTS_VIEW, on="publication")
@brief("what was found is in memory")
async def look(studio: Studio, publication: str) -> Json | None:
    """The newest, as far as it is; None when there was none since the start."""
    newest = studio.checkups.newest(publication)
    return _seen(newest) if newest else None


@needs(Permission.AGENTS_PUBLISH, on="publication")
@brief("it only stops")
@unrecorded("ends a look")
async def stop(studio: Studio, publication: str) -> None:
    """End the one that is under way."""
    studio.checkups.stop(publication)


@needs(Permission.AGENTS_PUBLISH, on="publication")
@lasts(Text("正在查原因", "Looking up what it means"))
@unrecorded("explains what was pasted")
async def explained(studio: Studio, publication: str, pasted: str) -> list[Json]:
    """What a code, a request id or a message means on this publication's surface."""
    ways = studio.checkups.ways
    patient = opening.patient(studio.control, studio.doctor, ways, publication, studio.public_url())
    return [_finding(one) for one in await explain.looked_up(pasted, patient)]


def _seen(checkup: Checkup) -> Json:
    return {
        "at": checkup.began,
        "over": checkup.is_over,
        "stopped": checkup.is_stopped,
        "planned": [{"check": name, "title": pair(title)} for name, title in checkup.planned],
        "found": [_finding(one) for one in checkup.found],
    }


def _finding(finding: Finding) -> Json:
    return {
        "check": finding.check,
        "title": pair(finding.title),
        "ok": finding.ok,
        "says": pair(finding.says),
        "do": pair(finding.do),
        "copy": finding.copy,
    }
