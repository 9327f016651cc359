"""The gallery at "/"."""

from builder.actions import actions_of, agents, importing, named_secrets, starter_talks
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs

ACTIONS = actions_of(
    agents.overview,
    agents.create,
    agents.duplicate,
    agents.rename,
    agents.delete,
    agents.restore,
    agents.allow,
    agents.export,
    agents.release,
    agents.drop,
    starter_talks,
    importing.look_at,
    importing.bring,
    importing.export_as,
    importing.export_folder,
    named_secrets.set_secret,
)


@needs(Permission.AGENTS_VIEW, on=SOME)
def page(studio: Studio) -> None:
    panel("agents/agents")
