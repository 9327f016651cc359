"""API keys of one's own, and those of programs, which are nobody's: made, looked at, ended."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from builder.actions import Notice, pair
from builder.actions.agents import seen
from builder.actions.taking_away import for_good
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.issuing import LIMITS, USUAL, Issuing, wish
from runtime.access.key_uses import KeyUses
from runtime.access.keys import OF_KEYS, WORDS, Keys, agents_of, is_valid, permissions_of
from runtime.access.permissions import Permission, needs
from runtime.lang import Text
from runtime.store.control.records import ApiKey

Json = dict[str, Any]
ENDED = Text("密钥已作废，立即失效。", "The key is revoked and no longer works.")


@needs(Permission.ACCOUNT)
@unrecorded("it only looks")
def my_keys(studio: Studio, who: Actor) -> Json:
    """{keys, permissions, agents, usual}: theirs, and what there is to give to another."""
    return _listed(studio, who, lambda key: key.user == who.id)


@needs(Permission.ACCOUNT)
def make_my_key(studio: Studio, who: Actor, wanted: Mapping[str, Any]) -> Json:
    """The key is in this answer and nowhere else. Raises Invalid, Forbidden, Conflict."""
    return {"key": Issuing(studio.control).own(wish(wanted), who)}


@needs(Permission.ACCOUNT)
@for_good("api.revoke.hint")
def revoke_my_key(studio: Studio, who: Actor, id: str) -> Notice:
    """Raises NotFound."""
    Issuing(studio.control).end(id, who, user=who.id)
    return Notice(ENDED)


@needs(Permission.KEYS_EDIT)
@unrecorded("it only looks")
def all_keys(studio: Studio, who: Actor) -> Json:
    """As `my_keys`, of programs and of everybody."""
    return _listed(studio, who, lambda key: True)


@needs(Permission.KEYS_EDIT)
def make_program_key(studio: Studio, who: Actor, wanted: Mapping[str, Any]) -> Json:
    """As `make_my_key`; it is nobody's."""
    return {"key": Issuing(studio.control).service(wish(wanted), who)}


@needs(Permission.KEYS_EDIT)
@for_good("api.revoke.hint")
def revoke_any_key(studio: Studio, who: Actor, id: str) -> Notice:
    """Raises NotFound."""
    Issuing(studio.control).end(id, who)
    return Notice(ENDED)


def _listed(studio: Studio, who: Actor, is_shown: Callable[[ApiKey], bool]) -> Json:
    keys, uses = Keys(studio.control), KeyUses(studio.control)
    agents = [one.agent for one in seen(studio, who)]
    names = {one.id: one.name for one in agents}
    shown = [key for key in keys.all() if key.revoked_at is None and is_shown(key)]
    may = [one for one in OF_KEYS if any(who.may(one, agent.id) for agent in agents)]
    return {
        "keys": [_told(key, uses, names) for key in reversed(shown)],
        "permissions": [{"id": one.id, "words": pair(WORDS[one])} for one in may],
        "agents": [{"id": one.id, "name": one.name} for one in agents],
        "usual": {name: USUAL.get(name) for name in LIMITS},
    }


def _told(key: ApiKey, uses: KeyUses, names: Mapping[str, str]) -> Json:
    used = uses.of(key.id)
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "user": key.user,
        "permissions": [pair(WORDS[one]) for one in permissions_of(key)],
        "agents": [names.get(one, one) for one in agents_of(key)],
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "valid": is_valid(key, time.time()),
        "limits": {name: getattr(key, name) for name in LIMITS},
        "used": {"at": used.at, "address": used.address} if used else None,
    }
