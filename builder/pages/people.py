"""Who works here, at "/people"."""

from builder.actions import actions_of, keys, people
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = actions_of(people, keys.all_keys, keys.make_program_key, keys.revoke_any_key)


@needs(Permission.PEOPLE_VIEW)
def page(studio: Studio) -> None:
    panel("people/people")
