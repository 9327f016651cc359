"""Composing at "/build?agent=ID": the flow editor, with the page's own bar, settings and JSON around it."""

from builder import flow_editor
from builder.actions import (
    actions_of,
    agents,
    block_trial,
    build,
    deleted,
    describe,
    earlier,
    history,
    importing,
    pasting,
    piece,
    preview,
    prompts_looked,
    starts,
    steps,
    together,
    tool_import,
    tool_trial,
)
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs

ACTIONS = actions_of(
    agents.names,
    build,
    importing.report,
    importing.drop_report,
    deleted.bring_back,
    starts.due,
    preview,
    tool_trial,
    block_trial,
    pasting,
    piece,
    tool_import,
    prompts_looked.keep_as_template,
    prompts_looked.improve,
    prompts_looked.stop,
    history,
    together,
    earlier,
    steps,
    describe,
)


@needs(Permission.AGENTS_VIEW, on=SOME)
def page(studio: Studio) -> None:
    panel("build/build", options=flow_editor.options())
