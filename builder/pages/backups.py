"""Backups at "/backups": the plan, how it goes, those there are, and a file for whoever helps."""

from builder.actions import actions_of, backups
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = actions_of(backups)


@needs(Permission.SETTINGS_VIEW)
def page(studio: Studio) -> None:
    panel("backups/backups")
