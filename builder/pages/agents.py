"""The gallery at "/"."""

from builder.actions import agents, bound
from builder.pages._panel import panel
from builder.studio import Studio


def page(studio: Studio) -> None:
    actions = (
        agents.overview,
        agents.create,
        agents.duplicate,
        agents.rename,
        agents.delete,
        agents.restore,
        agents.import_,
        agents.export,
    )
    panel("agents", bound(studio, *actions))
