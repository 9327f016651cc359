"""API keys, from the command line: an agent's, or one that is somebody's own."""

import argparse
import sys
import time
from datetime import UTC, datetime

from runtime.access.actor import Actor
from runtime.access.issuing import LIMITS, USUAL, Issuing, permissions_named, wish
from runtime.access.key_uses import KeyUses
from runtime.access.keys import OF_KEYS, Keys, agents_of
from runtime.access.permissions import Permission, needs
from runtime.access.users import Users
from runtime.cli.printing import control_of, library_of
from runtime.errors import BadSettings, NotFound
from runtime.lang import Text
from runtime.publish import issue_key
from runtime.publish.publications import is_live, put_on_api
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.records import ApiKey
from runtime.testing.gate import standing_of

DAY = 24 * 3600
OWN_SIZE = Text(
    "本人的密钥每天总是 {most} MB，不能用 --megabytes-per-day 改。",
    "A key of somebody's own always has {most} MB a day: leave out --megabytes-per-day.",
)


@needs(Permission.KEYS_EDIT)
def create_key(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Prints the key. With --user it is theirs: it never may more than they, and ends with them."""
    library = library_of(settings)
    agent, also = library.ready(options.agent), tuple(library.ready(one).id for one in options.also)
    control = control_of(settings)
    if not is_live(control, agent.id):
        standing_of(agent, settings.agents, settings.data).refuse()
    if options.user:
        key = _own(options, control, (agent.id, *also), who)
        put_on_api(control, agent, allowed=settings.egress_allow, by=who)
        return _say(key)
    limits = {name: getattr(options, name) for name in (*USUAL, "money_per_day")}
    permissions = tuple(one.id for one in permissions_named(options.may)) if options.may else None
    named = {"name": options.name.strip(), "agents": also, "permissions": permissions, **limits}
    named |= {"operates": options.operates or None, "expires_at": _end(options.days)}
    return _say(issue_key(control, agent, allowed=settings.egress_allow, by=who, **named))


@needs(Permission.KEYS_VIEW)
def list_keys(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line a key: what is shown of it, agents, made, state, id, name, whose, last use."""
    control = control_of(settings)
    uses = KeyUses(control)
    for key in Keys(control).all():
        if options.user in (None, key.user or "-"):
            _say(_line(key, uses))


@needs(Permission.KEYS_EDIT)
def revoke_key(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Prints the line of what was revoked, as `list_keys` does."""
    control = control_of(settings)
    whole = Keys(control).find(options.key)
    ended = Issuing(control).end(whole.id if whole else options.key.rstrip("…"), who)
    _say(_line(ended, KeyUses(control)))


def _own(options: argparse.Namespace, control: Control, agents: tuple[str, ...], who: Actor) -> str:
    """Raises NotFound, also for who may not come in; BadSettings, Invalid, Forbidden, Conflict."""
    if (whose := Users(control).actor(options.user)) is None:
        raise NotFound(Users.gone(options.user))
    if options.megabytes_per_day is not None:
        raise BadSettings(OWN_SIZE.fill(most=USUAL["megabytes_per_day"]), field="megabytes_per_day")
    given = {name: getattr(options, name) for name in LIMITS}
    limits = {name: USUAL.get(name) if most is None else most or None for name, most in given.items()}
    may = [one.id for one in OF_KEYS] if options.operates else options.may or [OF_KEYS[0].id]
    name = options.name.strip() or agents[0]
    wanted = wish({"name": name, "permissions": may, "agents": agents, "days": options.days, **limits})
    return Issuing(control).own(wanted, whose, by=who)


def _line(key: ApiKey, uses: KeyUses) -> str:
    created, agents, used = _day(key.created_at), ",".join(agents_of(key)), uses.of(key.id)
    state = "revoked" if key.revoked_at else f"until {_day(key.expires_at)}" if key.expires_at else "valid"
    last = f"{datetime.fromtimestamp(used.at, UTC):%Y-%m-%d %H:%M} {used.address}" if used else "never"
    return f"{key.prefix}…\t{agents}\t{created}\t{state}\t{key.id}\t{key.name}\t{key.user or '-'}\t{last}"


def _end(days: int | None) -> float | None:
    return time.time() + days * DAY if days else None


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
