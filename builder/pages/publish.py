"""Publishing at "/publish?agent=ID"."""

from builder.actions import agents, menu, publish, sample
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = (
    agents.names,
    publish.overview,
    sample.sample,
    publish.go_live,
    publish.state,
    publish.test,
    publish.set_public_url,
    publish.on_server,
    publish.take_back,
    publish.pause_it,
    publish.resume_it,
    publish.use_version,
    publish.create_key,
    publish.revoke_key,
    menu.menu,
    menu.put_menu,
    menu.remove_menu,
    menu.bring_answers,
)


@needs(Permission.AGENTS_VIEW)
def page(studio: Studio) -> None:
    panel("publish/publish")
