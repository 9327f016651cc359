"""Who works here, what each of them may do, and why."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from builder.actions import Malformed, Notice, pair
from builder.actions.agents import seen
from builder.actions.taking_away import for_good
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.membership import Membership, is_owner
from runtime.access.permissions import ALWAYS, AREAS, Permission, needs
from runtime.access.proof import said
from runtime.access.roles import Role, Roles
from runtime.access.second.passkeys import Passkeys
from runtime.access.second.required import Required
from runtime.access.second.second_factors import SecondFactors
from runtime.access.sign_ins import SignIns
from runtime.access.users import Users
from runtime.errors import Conflict
from runtime.lang import Text
from runtime.store.control.user_records import Given, SignIn, UserRecord

Json = dict[str, Any]
GIVEN: TypeAdapter[tuple[Given, ...]] = TypeAdapter(tuple[Given, ...])
OWN = Text(
    "自己的两步验证请在「我的账号」里关掉。", "Take your own off in My account, with the password or a code."
)
INVITED = Text("链接只显示这一次，请发给本人。", "The link is shown only now: send it to them.")


@needs(Permission.PEOPLE_VIEW)
def overview(studio: Studio, who: Actor) -> Json:
    """People, roles, what there is to give, and what of it `who` may do."""
    users, roles = Users(studio.control), Roles(studio.control)
    members, now = Membership(studio.control), time.time()
    required = Required(studio.control)
    return {
        "people": [_person(studio, members, one, who, now) for one in users.all()],
        "owners": sum(map(is_owner, users.all())),
        "roles": [_role(role, who, required.by(role.id)) for role in roles.all()],
        "permissions": [
            {
                "id": one.id,
                "area": one.area,
                "title": pair(AREAS[one.area]),
                "words": pair(one.words),
                "mine": who.may(one),
                "of_agents": one.is_of_agents,
            }
            for one in Permission
            if one not in ALWAYS
        ],
        "agents": [{"id": one.agent.id, "name": one.agent.name} for one in seen(studio, who)],
        "may": {
            "people": who.may(Permission.PEOPLE_EDIT),
            "roles": who.may(Permission.ROLES_EDIT),
            "keys": who.may(Permission.KEYS_EDIT),
        },
    }


@needs(Permission.PEOPLE_EDIT)
def invite(studio: Studio, who: Actor, id: str, name: str, roles: Sequence[Mapping[str, Any]]) -> Notice:
    """The link is in this answer and nowhere else. Raises Invalid, Conflict, Forbidden."""
    token = Membership(studio.control).invite(id.strip(), name, _given(roles), who)
    return Notice(INVITED, {"path": f"invited/{token}"})


@needs(Permission.PEOPLE_EDIT)
def new_link(studio: Studio, who: Actor, id: str) -> Notice:
    """By which somebody chooses a new password. Raises NotFound, Forbidden."""
    return Notice(INVITED, {"path": f"invited/{Membership(studio.control).link(id, who)}"})


@needs(Permission.PEOPLE_EDIT)
def give_roles(
    studio: Studio,
    who: Actor,
    id: str,
    roles: Sequence[Mapping[str, Any]],
    before: Sequence[Mapping[str, Any]],
) -> Notice:
    """Raises NotFound, Forbidden, Conflict where they were changed meanwhile, or the last owner would go."""
    Membership(studio.control).give(id, _given(roles), who, before=_given(before))
    return Notice(Text("已保存，几秒内生效。", "Saved; it counts within seconds."))


@needs(Permission.PEOPLE_EDIT)
def set_email(studio: Studio, who: Actor, id: str, email: str) -> Notice:
    """By which a provider may know them. Raises NotFound, Forbidden, Conflict, Invalid."""
    Membership(studio.control).set_email(id, email, who)
    return Notice(Text("邮箱已保存。", "The address is saved."))


@needs(Permission.PEOPLE_EDIT)
def let_in(studio: Studio, who: Actor, id: str, enabled: bool) -> Notice:
    """Whether they may come in. Raises NotFound, Forbidden, Conflict."""
    members = Membership(studio.control)
    if enabled:
        members.enable(id, who)
        return Notice(Text("又可以登录了。", "They may come in again."))
    members.disable(id, who)
    return Notice(Text("已停用，几秒内退出登录。", "Disabled; they are signed out within seconds."))


@needs(Permission.PEOPLE_EDIT)
@for_good("people.remove.hint")
def remove_person(studio: Studio, who: Actor, id: str) -> Notice:
    """Raises NotFound, Forbidden, Conflict."""
    Membership(studio.control).remove(id, who)
    return Notice(Text("已移除。", "Removed."))


@needs(Permission.PEOPLE_EDIT)
@for_good("people.end.hint")
def end_session(studio: Studio, who: Actor, id: str, session: str) -> Notice:
    """One of somebody's. Raises NotFound, Forbidden."""
    members, one = Membership(studio.control), Users(studio.control).must(id)
    members.must_touch(one, who)
    SignIns(studio.control).end(session, id, by=who.id)
    return Notice(Text("已结束这个登录。", "That session is over."))


@needs(Permission.ROLES_EDIT)
def save_role(
    studio: Studio,
    who: Actor,
    id: str,
    name: str,
    permissions: Sequence[str],
    before: Sequence[str],
    was: str = "",
) -> Notice:
    """`before`, `was`: what it allowed and its name, as seen. Raises Invalid, Conflict, Forbidden."""
    Roles(studio.control).save(id, name, permissions, before, who, was=was)
    return Notice(Text("角色已保存，几秒内生效。", "The role is saved; it counts within seconds."))


@needs(Permission.ROLES_EDIT)
@for_good("roles.remove.hint")
def remove_role(studio: Studio, who: Actor, id: str) -> Notice:
    """Raises NotFound, Conflict while somebody has it, Forbidden."""
    Roles(studio.control).remove(id, who)
    return Notice(Text("角色已删除。", "The role is removed."))


@needs(Permission.ROLES_EDIT)
def ask_second(studio: Studio, who: Actor, id: str, required: bool) -> Notice:
    """Whether whoever has that role comes in by two factors. Raises NotFound, Forbidden."""
    Required(studio.control).put(id, required, who)
    if required:
        return Notice(
            Text(
                "这个角色要两步验证了；只用一步登录的人几秒内退出，再登录时设置。",
                "This role asks for two steps; who came by one is signed out within seconds, and sets it up.",
            )
        )
    return Notice(Text("这个角色不再要求两步验证。", "This role asks for two steps no more."))


@needs(Permission.PEOPLE_EDIT)
@for_good("people.second.hint")
def reset_second(studio: Studio, who: Actor, id: str) -> Notice:
    """Codes, recovery codes and passkeys of somebody who lost them. Raises NotFound, Forbidden, Conflict."""
    Membership(studio.control).must_touch(Users(studio.control).must(id), who)
    if id == who.id:
        raise Conflict(OWN)
    SecondFactors(studio.control).reset(id, by=who.id)
    return Notice(Text("已重置，请本人重新登录。", "That is reset: they log in again."))


def session_of(one: SignIn) -> Json:
    by = [pair(text) for text in said(one.by)]
    return {"id": one.id, "device": one.device, "address": one.address, "at": one.opened_at, "by": by}


def _person(studio: Studio, members: Membership, one: UserRecord, who: Actor, now: float) -> Json:
    may_touch = members.may_touch(one, who)
    return {
        "id": one.id,
        "name": one.name,
        "roles": [given.model_dump(mode="json") for given in one.roles],
        "mapped": [given.model_dump(mode="json") for given in one.mapped],
        "email": one.email,
        "enabled": one.enabled,
        "comes": not one.password and one.last_sign_in is None,
        "link_until": one.invited_until if one.invitation and one.invited_until > now else None,
        "last_sign_in": one.last_sign_in,
        "codes": SecondFactors(studio.control).find(one.id) is not None,
        "passkeys": len(Passkeys(studio.control).of(one.id)),
        "is_owner": is_owner(one),
        "is_me": one.id == who.id,
        "may_touch": may_touch,
        "sessions": [session_of(each) for each in SignIns(studio.control).of(one.id, now)]
        if may_touch
        else [],
    }


def _role(role: Role, who: Actor, second: bool) -> Json:
    return {
        "id": role.id,
        "name": pair(role.name),
        "own": role.is_own,
        "second": second,
        "permissions": sorted(one.id for one in role.permissions),
        "may_give": all(who.may(one) for one in role.permissions),
    }


def _given(roles: Sequence[Mapping[str, Any]]) -> tuple[Given, ...]:
    """Raises Malformed."""
    try:
        return GIVEN.validate_python(roles)
    except ValidationError:
        raise Malformed(Text("角色或智能体写得不对。", "That is no role, or no agent.")) from None
