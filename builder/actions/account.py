"""One's own account: the password, what one may do, and where one is signed in."""

import asyncio
import time
from typing import Any

from builder.actions import Notice, pair, second_factor
from builder.actions.lasting import brief
from builder.actions.people import session_of
from builder.actions.taking_away import for_good
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.access.roles import Roles
from runtime.access.sign_ins import SignIns
from runtime.access.sso.only import Only
from runtime.access.tries import Tries
from runtime.access.users import Users
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.settings import check_password

Json = dict[str, Any]
WRONG = Text("现在的密码不对。", "That is not the present password.")


@needs(Permission.ACCOUNT)
@unrecorded("it only looks")
def overview(studio: Studio, who: Actor) -> Json:
    """Raises NotFound for who does not sign in."""
    one, roles = Users(studio.control).must(who.id), Roles(studio.control)
    return {
        "id": one.id,
        "name": one.name,
        "password": bool(one.password) and Only(studio.control).shuts_out(one.id) is None,
        "roles": [
            {"name": pair(role.name), "agents": given.agents}
            for given in one.all_roles
            if (role := roles.find(given.role))
        ],
        **second_factor.overview(studio, who),
        "sessions": [session_of(each) for each in SignIns(studio.control).of(who.id, time.time())],
    }


@needs(Permission.ACCOUNT)
@brief("a password is hashed")
async def change_password(studio: Studio, who: Actor, present: str, password: str) -> Notice:
    """All of one's sessions end, this one, too. Whoever took over a window guesses no password.

    Raises BadSettings, Refused.
    """
    users = Users(studio.control)
    async with Tries(studio.vanishing).one([("account", who.id)]) as this:
        if not await asyncio.to_thread(users.is_password, who.id, present):
            raise BadSettings(WRONG, field="present")
        this.right()
    checked = check_password(password, "password")
    await asyncio.to_thread(lambda: users.set_password(who.id, checked, by=who.id))
    return Notice(Text("密码已换，请重新登录。", "The password is changed: please log in again."))


@needs(Permission.ACCOUNT)
@for_good("account.end.hint")
def end_mine(studio: Studio, who: Actor, session: str) -> Notice:
    """Raises NotFound."""
    SignIns(studio.control).end(session, who.id)
    return Notice(Text("已结束这个登录。", "That session is over."))
