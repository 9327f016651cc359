"""Who signs people in besides a password, at "/sso"."""

from builder.actions import actions_of, sso
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = actions_of(sso)


@needs(Permission.SETTINGS_VIEW)
def page(studio: Studio) -> None:
    panel("sso/sso")
