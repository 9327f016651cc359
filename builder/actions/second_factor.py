"""Codes and passkeys of one's own, on "My account"."""

from typing import Any

from builder.actions import Notice
from builder.actions.lasting import brief
from builder.actions.taking_away import for_good
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.access.second import codes
from runtime.access.second.confirming import Confirming
from runtime.access.second.passkeys import Passkeys
from runtime.access.second.required import Required
from runtime.access.second.second_factors import ALREADY, SecondFactors
from runtime.access.tries import Tries
from runtime.access.users import Users
from runtime.errors import Conflict
from runtime.lang import Text
from runtime.store.control.user_records import PasskeyRecord

Json = dict[str, Any]
ON = Text("两步验证已打开。", "Codes are on.")


def overview(studio: Studio, who: Actor) -> Json:
    """What is set up. Raises NotFound."""
    control, one = studio.control, Users(studio.control).must(who.id)
    found = SecondFactors(control).find(who.id)
    return {
        "codes": {"since": found.since, "recovery": len(found.recovery)} if found else None,
        "required": Required(control).of(one),
        "passkeys": [_shown(each) for each in Passkeys(control).of(who.id)],
        "asks_present": bool(one.password or found),
        "address": studio.public_url(),
    }


@needs(Permission.ACCOUNT)
@unrecorded("nothing is kept of it until it is confirmed")
@brief("a password is hashed")
async def begin_codes(studio: Studio, who: Actor, present: str) -> Notice:
    """What an app takes. Raises BadSettings, Refused, Conflict when they are on already."""
    second = SecondFactors(studio.control)
    if second.find(who.id):
        raise Conflict(ALREADY)
    await _sure(studio, who, present)
    nonce = second.begin()
    secret = second.proposed(who.id, nonce)
    picture = codes.picture(codes.address(secret, who.id))
    return Notice(None, {"nonce": nonce, "secret": codes.spaced(secret), "picture": picture})


@needs(Permission.ACCOUNT)
def confirm_codes(studio: Studio, who: Actor, nonce: str, code: str) -> Notice:
    """The recovery codes are in this answer and nowhere else. Raises BadSettings, Conflict."""
    return Notice(ON, {"codes": SecondFactors(studio.control).confirm(who.id, nonce, code)})


@needs(Permission.ACCOUNT)
@brief("a password is hashed")
async def renew_recovery(studio: Studio, who: Actor, present: str) -> Notice:
    """Ten others, in this answer and nowhere else. Raises BadSettings, Refused, NotFound."""
    await _sure(studio, who, present)
    text = Text("这是新的恢复码，旧的都不能用了。", "These are new; those before open nothing any more.")
    return Notice(text, {"codes": SecondFactors(studio.control).renew_recovery(who.id)})


@needs(Permission.ACCOUNT)
@brief("a password is hashed")
async def take_off_codes(studio: Studio, who: Actor, present: str) -> Notice:
    """Raises BadSettings, Refused, NotFound."""
    await _sure(studio, who, present)
    SecondFactors(studio.control).take_off(who.id)
    return Notice(Text("两步验证已关掉。", "Codes are off."))


@needs(Permission.ACCOUNT)
@for_good("passkeys.remove.hint")
def remove_passkey(studio: Studio, who: Actor, passkey: str) -> Notice:
    """Raises NotFound."""
    Passkeys(studio.control).remove(passkey, who.id)
    return Notice(Text("通行密钥已移除。", "The passkey is removed."))


async def _sure(studio: Studio, who: Actor, present: str) -> None:
    await Confirming(studio.control, Tries(studio.vanishing)).must(who.id, present)


def _shown(one: PasskeyRecord) -> Json:
    return {"id": one.id, "name": one.name, "at": one.added_at, "used": one.used_at, "host": one.rp}
