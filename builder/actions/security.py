"""What of the installation stands open, as the security page shows it."""

import time
from typing import Any

from builder.studio import Studio
from runtime.access.permissions import Permission, needs
from runtime.exposure.look import look, told
from runtime.exposure.point import Here

Json = dict[str, Any]


@needs(Permission.AUDIT_VIEW)
def overview(studio: Studio) -> Json:
    """Every point, what is to be mended first. Raises Unreadable."""
    agents = [file.agent for file in studio.library.list().agents]
    found = look(Here(studio.settings, studio.control, agents, time.time()))
    return {"points": [told(one) for one in found]}
