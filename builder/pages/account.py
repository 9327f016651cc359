"""One's own account, at "/account"."""

from builder.actions import account
from builder.pages._panel import panel
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

ACTIONS = (account.overview, account.change_password, account.end_mine)


@needs(Permission.ACCOUNT)
def page(studio: Studio) -> None:
    panel("account/account")
