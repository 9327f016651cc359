"""Content safety at "/safety": word lists, trying a text, and what checks decided."""

from builder.actions import safety, safety_exceptions
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = (
    safety.overview,
    safety.read_list,
    safety.save_list,
    safety.import_list,
    safety.remove_list,
    safety.put_list_back,
    safety.try_text,
    safety.decisions,
    safety.judge,
    safety.lift,
    safety_exceptions.add_exception,
)


@needs(Permission.AGENTS_VIEW)
def page(studio: Studio) -> None:
    panel("safety/safety")
