"""The gallery at "/"."""

from builder.actions import agents, named_secrets
from builder.pages._panel import panel
from builder.studio import Studio

ACTIONS = (
    agents.overview,
    agents.create,
    agents.duplicate,
    agents.rename,
    agents.delete,
    agents.restore,
    agents.import_,
    agents.export,
    agents.release,
    agents.drop,
    named_secrets.set_secret,
)


def page(studio: Studio) -> None:
    panel("agents/agents")
