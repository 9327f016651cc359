"""Composing at "/build?agent=ID": the flow editor, with the page's own bar, settings and JSON around it."""

from builder.actions import agents, bound, build
from builder.flow_editor import FlowEditor
from builder.pages._panel import panel
from builder.studio import Studio

# The flow lives in the browser while somebody edits it; build.js saves it together with the settings.
TELL = "(value) => { document.dispatchEvent(new CustomEvent('hongyan:flow', { detail: value })); }"


def page(studio: Studio) -> None:
    actions = (
        agents.names,
        build.open_agent,
        build.save,
        build.overwrite,
        build.keep_copy,
        build.reload,
        build.read_json,
        build.choices,
    )
    panel("build", bound(studio, *actions))
    flow = FlowEditor(elem_id="flow")
    flow.edit(None, flow, None, js=TELL, api_visibility="private")
