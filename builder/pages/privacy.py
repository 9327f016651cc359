"""Privacy at "/privacy": what is kept, for how long, and who gets to see it."""

from builder.actions import actions_of, privacy
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = actions_of(privacy)


@needs(Permission.SETTINGS_VIEW)
def page(studio: Studio) -> None:
    panel("privacy/privacy")
