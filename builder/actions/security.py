"""What of the installation stands open, and how it is otherwise, as the security page shows it."""

import time
from typing import Any

from builder.actions import pair
from builder.actions.lasting import lasts
from builder.studio import Studio
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.care import doctor
from runtime.care.site import Site
from runtime.exposure.look import look, told
from runtime.exposure.point import Here
from runtime.lang import Text

Json = dict[str, Any]


@needs(Permission.AUDIT_VIEW)
def overview(studio: Studio) -> Json:
    """Every point, what is to be mended first. Raises Unreadable."""
    agents = [file.agent for file in studio.library.list().agents]
    found = look(Here(studio.settings, studio.control, agents, time.time()))
    return {"points": [told(one) for one in found]}


@needs(Permission.SETTINGS_EDIT)
@unrecorded("looks whether all is well")
@lasts(Text("正在检查这套鸿雁", "Looking how this installation is"))
async def condition(studio: Studio) -> list[Json]:
    """What `python app.py doctor` finds, what is to be mended first; servers are asked."""
    found = [one async for one in doctor.examine(Site(studio.settings, studio.control))]
    return [
        {
            "check": one.check,
            "title": pair(one.title),
            "ok": one.ok,
            "says": pair(one.says),
            "do": pair(one.do),
        }
        for one in sorted(found, key=lambda one: (one.ok is not False, not one.do.en))
    ]
