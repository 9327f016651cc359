"""What was used today, and may be, at "/limits"."""

from builder.actions import actions_of, limits
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = actions_of(limits)


@needs(Permission.AGENTS_VIEW)
def page(studio: Studio) -> None:
    panel("limits/limits")
