"""Who works here: invited, given roles, shut out, and let in again with a new password."""

import argparse
import sys
from collections.abc import Sequence
from getpass import getpass

from runtime.access.actor import OWNER, Actor
from runtime.access.audit.declared import recorded
from runtime.access.membership import Membership
from runtime.access.permissions import Permission, needs
from runtime.access.roles import Roles
from runtime.access.second.second_factors import SecondFactors
from runtime.access.users import Users
from runtime.cli.printing import control_of, say
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.server.role import where_pages_are
from runtime.settings import Settings, check_password
from runtime.store.control.user_records import Given

GIVEN = Text(
    "角色写成 ROLE 或 ROLE=智能体,智能体，例如 editor=tea-shop。",
    "Write a role as ROLE or ROLE=AGENT,AGENT, such as editor=tea-shop.",
)


@needs(Permission.PEOPLE_VIEW)
def list_users(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line a person, who came first first."""
    control = control_of(settings)
    second = SecondFactors(control)
    for one in Users(control).all():
        say(
            {
                "user": one.id,
                "name": one.name,
                "roles": [_said(given) for given in one.roles],
                "roles_by_rules": [_said(given) for given in one.mapped],
                "enabled": one.enabled,
                "invited": bool(one.invitation),
                "last_sign_in": one.last_sign_in,
                "second_factor": second.find(one.id) is not None,
            }
        )


@needs(Permission.PEOPLE_EDIT)
def invite_user(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Prints where they choose a password, once. With --again a new link for somebody who is there."""
    control = control_of(settings)
    members = Membership(control)
    if options.again:
        token = members.link(options.user, who, hours=options.hours)
    else:
        roles = _given(options.role or ["viewer"])
        token = members.invite(options.user, options.name, roles, who, hours=options.hours)
    root = control.public_url(settings.public_url) or where_pages_are(settings)
    say({"user": options.user, "link": f"{root.rstrip('/')}/invited/{token}", "hours": options.hours})


@needs(Permission.PEOPLE_EDIT)
def disable_user(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """They are signed out everywhere within seconds."""
    members = Membership(control_of(settings))
    (members.enable if options.back else members.disable)(options.user, who)


@needs(Permission.PEOPLE_EDIT)
def remove_user(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    Membership(control_of(settings)).remove(options.user, who)


@needs(Permission.PEOPLE_EDIT)
def second_factor(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Codes, recovery codes and passkeys are gone; they are signed out and come in by the password."""
    SecondFactors(control_of(settings)).reset(options.user, by=who.id)


@needs(Permission.PEOPLE_VIEW)
@recorded("user")
def roles(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Which there are; with somebody's name and roles: theirs from now on."""
    control = control_of(settings)
    if options.user:
        who.must(Permission.PEOPLE_EDIT)
        return Membership(control).give(options.user, _given(options.role), who)
    for role in Roles(control).all():
        permissions = sorted(one.id for one in role.permissions)
        say({"role": role.id, "name": role.name.en, "own": role.is_own, "permissions": permissions})


@needs(Permission.PEOPLE_EDIT)
def set_password(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Also ends every session of theirs."""
    ask = getpass if sys.stdin.isatty() else lambda _: sys.stdin.readline().rstrip("\n")
    password = check_password(ask("新密码 / New password: "), "password")
    user = getattr(options, "user", OWNER.id)
    Users(control_of(settings)).set_password(user, password, by=who.id)


def _given(texts: Sequence[str]) -> list[Given]:
    """Raises BadSettings."""
    found = []
    for text in texts:
        role, on, agents = text.partition("=")
        try:
            found.append(Given(role=role, agents=tuple(agents.split(",")) if on else None))
        except ValueError:
            raise BadSettings(GIVEN, field="role") from None
    return found


def _said(given: Given) -> str:
    return given.role if given.agents is None else f"{given.role}={','.join(given.agents)}"
