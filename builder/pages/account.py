"""One's own account, at "/account"."""

from builder.actions import account, identities, keys, second_factor
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = (
    account.overview,
    account.change_password,
    account.end_mine,
    second_factor.begin_codes,
    second_factor.confirm_codes,
    second_factor.renew_recovery,
    second_factor.take_off_codes,
    second_factor.remove_passkey,
    identities.my_identities,
    identities.begin_link,
    identities.unlink,
    keys.my_keys,
    keys.make_my_key,
    keys.revoke_my_key,
)


@needs(Permission.ACCOUNT)
def page(studio: Studio) -> None:
    panel("account/account")
