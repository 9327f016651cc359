"""Composing at "/build?agent=ID": the flow editor, with the page's own bar, settings and JSON around it."""

from builder.actions import agents, build
from builder.actions.preview import preview
from builder.flow_editor import FlowEditor
from builder.pages._panel import panel
from builder.studio import Studio

ACTIONS = (
    agents.names,
    build.open_agent,
    build.save,
    build.overwrite,
    build.keep_copy,
    build.reload,
    build.read_json,
    build.choices,
    preview,
)


def page(studio: Studio) -> None:
    panel("build")
    FlowEditor(elem_id="flow")
