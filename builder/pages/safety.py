"""Content safety at "/safety": word lists, trying a text, and what checks decided."""

from builder.actions import actions_of, safety, safety_exceptions
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = actions_of(safety, safety_exceptions)


@needs(Permission.AGENTS_VIEW)
def page(studio: Studio) -> None:
    panel("safety/safety")
