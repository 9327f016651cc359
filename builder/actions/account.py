"""One's own account: the password, what one may do, and where one is signed in."""

import asyncio
import time
from typing import Any

from builder.actions import Notice, pair
from builder.actions.lasting import brief
from builder.actions.people import session_of
from builder.actions.taking_away import for_good
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.access.roles import Roles
from runtime.access.sign_ins import SignIns
from runtime.access.users import Users
from runtime.errors import BadSettings, Refused
from runtime.lang import Text
from runtime.settings import check_password

Json = dict[str, Any]
TRIES = 10
"""Wrong passwords of one person…"""
SECONDS = 15 * 60
"""…in which no more are looked at here: whoever took over a window guesses no password."""
WRONG = Text("现在的密码不对。", "That is not the present password.")
TOO_OFTEN = Text("试得太多次了，请过 15 分钟再来。", "Too many tries: come again in 15 minutes.")


@needs(Permission.ACCOUNT)
def overview(studio: Studio, who: Actor) -> Json:
    """Raises NotFound for who does not sign in."""
    one, roles = Users(studio.control).must(who.id), Roles(studio.control)
    return {
        "id": one.id,
        "name": one.name,
        "people": who.may(Permission.PEOPLE_VIEW),
        "roles": [
            {"name": pair(role.name), "agents": given.agents}
            for given in one.roles
            if (role := roles.find(given.role))
        ],
        "sessions": [session_of(each) for each in SignIns(studio.control).of(who.id, time.time())],
    }


@needs(Permission.ACCOUNT)
@brief("a password is hashed")
async def change_password(studio: Studio, who: Actor, present: str, password: str) -> Notice:
    """All of one's sessions end, this one, too. Raises BadSettings, Refused."""
    name = ("account", who.id)
    if (await studio.vanishing.count(name, SECONDS)).amount > TRIES:
        raise Refused(TOO_OFTEN, code="too_often")
    users = Users(studio.control)
    if not await asyncio.to_thread(users.is_password, who.id, present):
        raise BadSettings(WRONG, field="present")
    checked = check_password(password, "password")
    await asyncio.to_thread(lambda: users.set_password(who.id, checked, by=who.id))
    await studio.vanishing.drop(name)
    return Notice(Text("密码已换，请重新登录。", "The password is changed: please log in again."))


@needs(Permission.ACCOUNT)
@for_good("account.end.hint")
def end_mine(studio: Studio, who: Actor, session: str) -> Notice:
    """Raises NotFound."""
    SignIns(studio.control).end(session, who.id)
    return Notice(Text("已结束这个登录。", "That session is over."))
