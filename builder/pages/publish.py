"""Publishing at "/publish?agent=ID"."""

from builder.actions import (
    actions_of,
    agents,
    announce,
    canary,
    checkup,
    debug_word,
    kit,
    menu,
    publish,
    published,
    replayed,
    sample,
    scanning,
    shadow,
    trying_calls,
)
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs

ACTIONS = actions_of(
    agents.names,
    publish,
    sample,
    checkup,
    kit,
    published,
    debug_word,
    canary,
    shadow,
    replayed,
    menu,
    announce,
    scanning,
    trying_calls,
)


@needs(Permission.AGENTS_VIEW, on=SOME)
def page(studio: Studio) -> None:
    panel("publish/publish")
