"""Who works here, at "/people"."""

from builder.actions import keys, people
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = (
    people.overview,
    people.invite,
    people.new_link,
    people.give_roles,
    people.set_email,
    people.let_in,
    people.remove_person,
    people.end_session,
    people.ask_second,
    people.reset_second,
    people.save_role,
    people.remove_role,
    keys.all_keys,
    keys.make_program_key,
    keys.revoke_any_key,
)


@needs(Permission.PEOPLE_VIEW)
def page(studio: Studio) -> None:
    panel("people/people")
