"""What agents answer from, at "/bases"."""

from builder.actions import actions_of, bases, bases_deleted, bases_found
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = actions_of(bases, bases_deleted, bases_found)


@needs(Permission.KNOWLEDGE_VIEW)
def page(studio: Studio) -> None:
    panel("bases/bases")
