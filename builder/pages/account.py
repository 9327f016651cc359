"""One's own account, at "/account"."""

from builder.actions import account, actions_of, identities, keys, second_factor
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = actions_of(account, second_factor, identities, keys.my_keys, keys.make_my_key, keys.revoke_my_key)


@needs(Permission.ACCOUNT)
def page(studio: Studio) -> None:
    panel("account/account")
