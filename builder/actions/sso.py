"""Who signs people in besides a password: set up, tried, taken away."""

import time
from collections.abc import Mapping
from typing import Any

from builder.actions import Malformed, Notice, pair
from builder.actions.agents import seen
from builder.actions.lasting import lasts
from builder.actions.taking_away import for_good
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.membership import is_owner
from runtime.access.permissions import ALWAYS, Permission, needs
from runtime.access.roles import Roles
from runtime.access.sso.asking.way import Finding
from runtime.access.sso.kinds import kinds
from runtime.access.sso.only import Only
from runtime.access.sso.providers import Providers
from runtime.access.users import Users
from runtime.errors import HongyanError
from runtime.lang import Text
from runtime.store.control.sso_records import ProviderRecord

Json = dict[str, Any]
ASKED = ("id", "kind", "name", "issuer", "client_id", "app", "scopes", "rules", "default_role")
SWITCHES = ("by_email", "is_strong", "enabled")
SAVED = Text("已保存。点「检查」看能不能用。", "Saved. Press “Check” to see whether it works.")
NO_ADDRESS = Text(
    "还没有公网地址：到「发布」页填上，否则只有在这台机器上打开的人才回得来。",
    "There is no public address yet: enter it on the page Publish, or only a browser here comes back.",
)
NO_HTTPS = Text("公网地址不是 https。", "The public address is not https.")
NO_HTTPS_HINT = Text(
    "登录服务大多只接受 https 的回调地址；用 http 时，同一网络里的人也能看到登录的 Cookie。",
    "Most providers lead back to https only; over http, whoever shares the network sees the cookie, too.",
)
BACK = Text("回调地址（在那边登记）：{back}", "The redirect address is {back} (register it there).")
UNNAMED = Text("登录方式写得不对。", "That is no provider.")


@needs(Permission.SETTINGS_VIEW)
def overview(studio: Studio, who: Actor) -> Json:
    """Providers, kinds, and what `who` may do with them. No secret is in it."""
    sso, only = studio.control.sso, Only(studio.control)
    options = sso.options()
    owners = [one for one in Users(studio.control).all() if is_owner(one)]
    return {
        "providers": [_provider(studio, one, who) for one in sso.all()],
        "kinds": [
            {
                "id": id,
                "title": pair(kind.title),
                "fields": [
                    {"name": one.name, "title": pair(one.title), "hint": pair(one.hint), "must": one.must}
                    for one in kind.fields
                ],
                "claims": kind.claims,
                "proves_email": kind.proves_email,
            }
            for id, kind in kinds().items()
        ],
        "roles": [
            {
                "id": role.id,
                "name": pair(role.name),
                "may_give": all(who.may(one) for one in role.permissions),
            }
            for role in Roles(studio.control).all()
        ],
        "agents": [{"id": one.agent.id, "name": one.agent.name} for one in seen(studio, who)],
        "only": {
            "on": options.only,
            "break_glass": options.break_glass,
            "owners": [{"id": one.id, "name": one.name} for one in owners],
            "proved": only.is_proved(),
        },
        "public_url": studio.public_url(),
        "may": {
            "edit": who.may(Permission.SETTINGS_EDIT),
            "all": all(who.may(one) for one in Permission if one not in ALWAYS),
        },
    }


@needs(Permission.SETTINGS_EDIT)
def save(
    studio: Studio, who: Actor, id: str, provider: Mapping[str, Any], secret: str, fresh: bool = False
) -> Notice:
    """`secret` "": the one that is kept. A `fresh` one must not replace another.

    Raises BadSettings, Forbidden, Conflict, NotFound.
    """
    if set(provider) - {*ASKED, *SWITCHES} or not isinstance(secret, str):
        raise Malformed(UNNAMED)
    Providers(studio.control).save({**provider, "id": id.strip()}, secret, who, fresh=fresh)
    return Notice(SAVED)


@needs(Permission.SETTINGS_EDIT)
@for_good("sso.remove.hint")
def remove(studio: Studio, who: Actor, id: str) -> Notice:
    """Raises NotFound, Forbidden, Conflict."""
    Providers(studio.control).remove(id, who)
    return Notice(Text("已移除。", "Removed."))


@needs(Permission.SETTINGS_EDIT)
@unrecorded("it asks whether the settings work, and changes none")
@lasts(Text("正在问登录服务", "Asking the provider"))
async def check(studio: Studio, id: str) -> list[Json]:
    """Line by line. Raises NotFound."""
    sso = studio.control.sso
    record = sso.must(id)
    back = f"{studio.public_url() or 'http://localhost'}/login/sso/{id}/back"
    findings = [_address(studio.public_url(), back)]
    try:
        way = studio.sso.way(record, sso.secret(record))
        findings += await way.check(back, time.time())
    except HongyanError as e:  # the secret that is kept does not open
        findings.append(Finding(False, e.text))
    return [
        {"ok": one.ok, "says": pair(one.says), "hint": pair(one.hint) if one.hint else None}
        for one in findings
    ]


@needs(Permission.SETTINGS_EDIT)
def switch_only(studio: Studio, who: Actor, on: bool, break_glass: str) -> Notice:
    """Raises Forbidden, Conflict, Invalid."""
    Only(studio.control).switch(on, break_glass, who)
    if on:
        return Notice(Text("密码登录已关闭。", "Passwords are off."))
    return Notice(Text("又可以用密码登录了。", "Passwords open again."))


def _provider(studio: Studio, one: ProviderRecord, who: Actor) -> Json:
    sso = studio.control.sso
    told = one.model_dump(mode="json", include={*ASKED, *SWITCHES})
    people = [each for each in sso.identities.all().values() if each.provider == one.id]
    return told | {
        "has_secret": bool(one.secret),
        "fixed": sso.is_fixed(one.id),
        "may_change": Providers(studio.control).may_change(one, who),
        "people": len(people),
        "last_at": max((each.last_at for each in people if each.last_at), default=None),
    }


def _address(public_url: str, back: str) -> Finding:
    said = BACK.fill(back=back)
    if not public_url:
        return Finding(False, NO_ADDRESS)
    if public_url.startswith("http://"):
        return Finding(False, NO_HTTPS, NO_HTTPS_HINT)
    return Finding(True, said)
