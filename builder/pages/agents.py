"""The gallery at "/"."""

from builder.actions import agents, importing, named_secrets, starter_talks
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs

ACTIONS = (
    agents.overview,
    agents.create,
    starter_talks.talks,
    agents.duplicate,
    agents.rename,
    agents.delete,
    agents.restore,
    importing.look_at,
    importing.bring,
    importing.export_as,
    importing.export_folder,
    agents.allow,
    agents.export,
    agents.release,
    agents.drop,
    named_secrets.set_secret,
)


@needs(Permission.AGENTS_VIEW, on=SOME)
def page(studio: Studio) -> None:
    panel("agents/agents")
