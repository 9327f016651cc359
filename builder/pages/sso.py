"""Who signs people in besides a password, at "/sso"."""

from builder.actions import sso
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = (sso.overview, sso.save, sso.remove, sso.check, sso.switch_only)


@needs(Permission.SETTINGS_VIEW)
def page(studio: Studio) -> None:
    panel("sso/sso")
