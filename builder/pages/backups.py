"""Backups at "/backups": the plan, how it goes, those there are, and a file for whoever helps."""

from builder.actions import backups
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = (
    backups.overview,
    backups.kept,
    backups.decide_plan,
    backups.end_plan,
    backups.run_now,
    backups.make_backup_key,
)


@needs(Permission.SETTINGS_VIEW)
def page(studio: Studio) -> None:
    panel("backups/backups")
