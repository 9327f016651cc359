"""Change a publication's credentials: a new secret is tried before it replaces the one that works."""

from collections.abc import Mapping

from runtime.access.actor import Actor
from runtime.channels import Authenticates
from runtime.errors import BadSettings, SendFailed
from runtime.lang import Text
from runtime.management.accounts import Accounts
from runtime.publish.changing import rotate, rotation
from runtime.publish.publications import Published
from runtime.store.control.control import Control

REFUSED = Text("没有更换：{why}", "Nothing was changed: {why}")


async def rotated(
    control: Control, accounts: Accounts, id: str, given: Mapping[str, str], *, by: Actor
) -> Published:
    """Nothing given: a new token and key, as far as we make them up.

    Raises NotFound, Conflict; BadSettings, also when the platform does not take the new secret.
    """
    made = rotation(control, id, given)
    channel = made.channel
    if made.is_secret_new and isinstance(channel, Authenticates):
        try:
            await accounts.try_secret(channel)
        except SendFailed as e:
            raise BadSettings(REFUSED.fill(why=e.text), field=next(iter(given), "")) from None
    return rotate(control, made, by=by)
