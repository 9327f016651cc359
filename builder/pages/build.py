"""Composing at "/build?agent=ID": the flow editor, with the page's own bar, settings and JSON around it."""

from builder import flow_editor
from builder.actions import (
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
    prompts_looked,
    starts,
    steps,
    together,
    tool_import,
    tool_trial,
)
from builder.actions.preview import preview
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs

ACTIONS = (
    agents.names,
    build.open_agent,
    importing.report,
    importing.drop_report,
    build.save,
    build.overwrite,
    build.keep_copy,
    build.reload,
    deleted.bring_back,
    build.read_json,
    build.choices,
    build.fix,
    starts.due,
    preview,
    tool_trial.tool_form,
    tool_trial.try_tool,
    block_trial.try_block,
    pasting.take_blocks,
    piece.piece_form,
    piece.run_piece,
    piece.stop_piece,
    tool_import.offered_tools,
    tool_import.take_tools,
    prompts_looked.keep_as_template,
    prompts_looked.improve,
    prompts_looked.stop,
    history.versions,
    history.version,
    history.compare,
    history.published_on,
    together.here,
    together.merge,
    earlier.publish_again,
    steps.step,
    history.keep_version,
    history.annotate,
    history.annotate_again,
    describe.described,
    describe.describe,
    describe.stop_describing,
    describe.accept_described,
    describe.undo_described,
    describe.propose_again,
    describe.forget_described,
    describe.remember_described,
)


@needs(Permission.AGENTS_VIEW, on=SOME)
def page(studio: Studio) -> None:
    panel("build/build", options=flow_editor.options())
