"""What was deleted and can be had back, at "/deleted"."""

from builder.actions import deleted
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = (deleted.overview, deleted.restore, deleted.drop, deleted.empty)


@needs(Permission.AGENTS_VIEW)
def page(studio: Studio) -> None:
    panel("deleted/deleted")
