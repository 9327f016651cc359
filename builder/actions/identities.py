"""By whom one signs in besides a password: linked and unlinked on one's own account."""

import json
import time
from typing import Any

from builder.actions import Notice
from builder.actions.lasting import brief
from builder.actions.taking_away import for_good
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.access.second.confirming import Confirming
from runtime.access.second.second_factors import SecondFactors
from runtime.access.sso.identities import Identities
from runtime.access.tries import Tries
from runtime.access.users import Users
from runtime.lang import Text

SECONDS = 5 * 60
"""That a link to begin is good for."""


@needs(Permission.ACCOUNT)
@unrecorded("it only looks")
def my_identities(studio: Studio, who: Actor) -> dict[str, Any]:
    """Those that are linked, and providers that could be. Raises NotFound for who does not sign in."""
    user, sso = Users(studio.control).must(who.id), studio.control.sso
    mine = Identities(studio.control).of(user.id)
    names = {one.id: one.name for one in sso.all()}
    return {
        "mine": [
            {
                "id": one.id,
                "provider": names.get(one.provider, one.provider),
                "label": one.label,
                "at": one.at,
                "last_at": one.last_at,
            }
            for one in mine
        ],
        "others": [
            {"id": one.id, "name": one.name}
            for one in sso.all()
            if one.enabled and one.id not in {each.provider for each in mine}
        ],
        "asks_present": bool(user.password or SecondFactors(studio.control).find(user.id)),
    }


@needs(Permission.ACCOUNT)
@unrecorded("it changes nothing: what is linked is recorded when the browser comes back")
@brief("a password is hashed")
async def begin_link(studio: Studio, who: Actor, provider: str, present: str) -> Notice:
    """The path that leads to the provider; it is good in this person's browser only. It is one more way in:
    whoever took over a window adds none of theirs. Raises NotFound, BadSettings (present), Refused."""
    one = studio.control.sso.must(provider)
    await Confirming(studio.control, Tries(studio.vanishing)).must(who.id, present)
    ticket = studio.control.sso.wrap("link", json.dumps([who.id, int(time.time()) + SECONDS]))
    return Notice(None, {"path": f"login/sso/{one.id}", "link": ticket})


@needs(Permission.ACCOUNT)
@for_good("account.unlink.hint")
def unlink(studio: Studio, who: Actor, id: str) -> Notice:
    """Raises NotFound, Conflict for the only way in."""
    Identities(studio.control).unlink(id, who.id)
    return Notice(Text("已解除关联。", "It is unlinked."))
