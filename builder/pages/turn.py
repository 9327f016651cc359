"""A real message's turn on the flow that it ran through, at "/turn?message=NUMBER"."""

from builder import flow_editor
from builder.actions import actions_of, turn
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = actions_of(turn)


@needs(Permission.CONVERSATIONS_READ)
def page(studio: Studio) -> None:
    panel("turn/turn", options=flow_editor.options())
