"""The project that an owner uploads at a platform, from the publish page."""

import base64
from typing import Any

from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.publish.kits import kit_of


@needs(Permission.AGENTS_PUBLISH, on="publication")
@unrecorded("a project without secrets, which changes nothing here")
def kit(studio: Studio, who: Actor, publication: str) -> dict[str, Any]:
    """A ZIP in base64. Raises NotFound, BadSettings."""
    name, packed = kit_of(studio.control, studio.settings, publication)
    return {"name": name, "base64": base64.b64encode(packed).decode("ascii")}
