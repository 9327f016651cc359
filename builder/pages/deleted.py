"""What was deleted and can be had back, at "/deleted"."""

from builder.actions import actions_of, deleted
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = actions_of(deleted.overview, deleted.restore, deleted.drop, deleted.empty)


@needs(Permission.AGENTS_VIEW)
def page(studio: Studio) -> None:
    panel("deleted/deleted")
