"""What was used today of what may be: of all together, of each agent, key and model; and whoever writes."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import Any

from builder.actions import Notice
from builder.actions.lasting import brief
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.key_caps import cap_of, key_name, title_of
from runtime.access.keys import Keys
from runtime.access.membership import Membership
from runtime.access.permissions import SOME, Permission, needs
from runtime.access.user_caps import EVERYBODY, UserCaps
from runtime.access.users import Users
from runtime.caps import ALL, Cap, Sum
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.models.budgets import Budget, day_of, seconds_left
from runtime.models.prices import in_dollars
from runtime.store.control.user_records import UserLimit
from runtime.time_zones import zone

Json = dict[str, Any]
NO_ZONE = Text(
    "没有「{zone}」这个时区，请写成 Asia/Shanghai 这样。",
    "There is no time zone {zone!r}; write Asia/Shanghai.",
)
MONEY = "money"
SAVED = Text("已保存，从现在起按它算。", "Saved; it counts from now on.")
WRONG = Text("要大于 0，不超过 10 亿；空着是不限。", "Above 0, up to 10^9; empty is no bound.")
WHOLE = Text("要写整数。", "Write a whole number.")


@needs(Permission.AGENTS_VIEW, on=SOME)
@brief("one step in the store; what was counted is in memory")
async def overview(studio: Studio, who: Actor) -> Json:
    """{zone, left, uses, people, all, may}: `left`, seconds until midnight; `uses`, each with cap and sum."""
    now, budgets = time.time(), studio.services.budgets
    return {
        "zone": budgets.zone(),
        "left": seconds_left(now, budgets.zone()),
        "uses": await uses(studio, who, now),
        "people": await _people(studio) if who.may(Permission.CONVERSATIONS_READ) else None,
        "all": _all(studio),
        "may": who.may(Permission.MODELS_EDIT) and who.may(Permission.SETTINGS_EDIT),
        "members": _everybody(studio) if who.may(Permission.MODELS_EDIT) else None,
    }


@needs(Permission.MODELS_EDIT)
def save(
    studio: Studio,
    who: Actor,
    messages: float | None,
    tokens: float | None,
    money: float | None,
    timezone: str,
) -> Notice:
    """What all may take of a day (money in US dollars), and when it ends. Raises BadSettings."""
    named = zone(timezone)
    if named is None:
        raise BadSettings(NO_ZONE.fill(zone=timezone[:64]), field="timezone")
    given = _fitting(messages, tokens, money)
    options = studio.control.options()
    if named.key != options.zone:
        who.must(Permission.SETTINGS_EDIT)
        studio.control.save_options(options.model_copy(update={"timezone": named.key, "by": who.id}))
    bounds = {name: value for name, value in given.items() if value is not None}

    def changed(before: Sequence[Budget]) -> list[Budget]:
        others = [one for one in before if one.id != ALL]
        return [Budget.model_validate({"id": ALL, **bounds}), *others] if bounds else others

    studio.control.policy.change_budgets(changed, by=who.id)
    return Notice(SAVED)


@needs(Permission.MODELS_EDIT)
def save_member(
    studio: Studio,
    who: Actor,
    id: str,
    own: bool,
    messages: float | None,
    tokens: float | None,
    money: float | None,
) -> Notice:
    """What somebody who works here may take of a day, by all their keys together and by trying out. `id`:
    "everybody" for all who have no limit of their own; not `own`: as everybody from now on, or as at first.
    Raises NotFound, BadSettings, and Forbidden for whoever may less than the other."""
    if id != EVERYBODY:
        Membership(studio.control).must_touch(Users(studio.control).must(id), who)
    rows = studio.control.user_limits
    if not own:
        rows.remove(id)
    else:
        given = _fitting(messages, tokens, money)
        rows.put(UserLimit.model_validate({"id": id, "by": who.id, **given}))
    return Notice(SAVED)


async def uses(studio: Studio, who: Actor, now: float) -> list[Json]:
    """All that is bounded and they may see, and agents without a bound. On the loop, where it is counted."""
    agents = await asyncio.to_thread(lambda: list(_agents(studio, now)))
    return list(_uses(studio, who, agents))


def _uses(studio: Studio, who: Actor, agents: Sequence[tuple[str, str, Cap, str]]) -> Iterator[Json]:
    budgets = studio.services.budgets
    if who.may(Permission.MODELS_VIEW):
        whole = next((one for one in studio.control.policy.budgets() if one.id == ALL), None)
        spent = budgets.spent("all", ALL, budgets.today())
        yield _use("all", ALL, "", whole.cap if whole else Cap(), spent)
    for agent, name, cap, day in agents:
        if who.may(Permission.AGENTS_VIEW, agent):
            yield _use("agent", agent, name, cap, budgets.spent("agent", agent, day))
    keys = Keys(studio.control)
    for key in keys.all():
        if keys.opens(key) and cap_of(key).any and who.may(Permission.KEYS_VIEW, key.agent):
            spent = budgets.spent("key", key_name(key), budgets.today())
            yield _use("key", key.id[:12], title_of(key), cap_of(key), spent)
    yield from _members(studio, who)
    if who.may(Permission.MODELS_VIEW):
        for one in studio.control.policy.budgets():
            if one.id != ALL:
                yield _use("model", one.id, one.id, one.cap, budgets.of_budget(one))


def _members(studio: Studio, who: Actor) -> Iterator[Json]:
    """Who works here and has a bound, or took something today, and all for whom it can be set: of everybody,
    or of oneself alone."""
    budgets, caps = studio.services.budgets, UserCaps(studio.control)
    sees, sets = who.may(Permission.PEOPLE_VIEW), who.may(Permission.MODELS_EDIT)
    for one in Users(studio.control).all():
        if one.enabled and (one.id == who.id or sees):
            cap, spent = caps.cap(one.id), budgets.spent("user", one.id, budgets.today())
            if sets or cap.any or spent != Sum():
                own = caps.own(one.id) is not None
                yield _use("user", one.id, one.name or one.id, cap, spent) | {"own": own}


def _everybody(studio: Studio) -> Json:
    """What all may take who have no limit of their own; `own`: somebody set that."""
    caps = UserCaps(studio.control)
    return {"cap": caps.everybody()._asdict(), "own": caps.own(EVERYBODY) is not None}


def _fitting(messages: float | None, tokens: float | None, money: float | None) -> dict[str, float | None]:
    """As they are kept. Raises BadSettings."""
    given = {"messages": messages, "tokens": tokens, MONEY: money}
    for name, value in given.items():
        if value is not None and not 0 < value <= 10**9:
            raise BadSettings(WRONG, field=name)
        if value is not None and name != MONEY:
            if value != int(value):
                raise BadSettings(WHOLE, field=name)
            given[name] = int(value)
    return given


def _use(kind: str, id: str, name: str, cap: Cap, spent: Sum) -> Json:
    return {
        "kind": kind,
        "id": id,
        "name": name,
        "cap": cap._asdict(),
        "spent": {"messages": spent.messages, "tokens": spent.tokens, MONEY: spent.cost},
        "unpriced": spent.unpriced,
        "share": cap.share(spent),
    }


def _agents(studio: Studio, now: float) -> Iterator[tuple[str, str, Cap, str]]:
    """Of each that is published: its id, name, what all people may take of it, and which day it has there."""
    seen = set[str]()
    for one in studio.control.publications():
        if not one.enabled or one.agent in seen:
            continue
        seen.add(one.agent)
        agent = studio.control.frozen_agent(one.id, one.version)
        limits = agent.get("limits") or {}
        names = ("all_messages_per_day", "all_tokens_per_day", "all_money_per_day")
        cap = Cap(*(limits.get(name) for name in names))
        day = day_of(now, str(agent.get("timezone", "Asia/Shanghai")))
        yield one.agent, str(agent.get("name", one.agent)), cap, day


async def _people(studio: Studio) -> Json:
    """How many wrote today, at whatever instance, and the most that one of them took; nobody is named."""
    found = await studio.people_today()
    return {"count": found.people, "messages": found.messages, "tokens": found.tokens, MONEY: found.cost}


def _all(studio: Studio) -> Json:
    """As it is set; money in US dollars."""
    for one in studio.control.policy.budgets():
        if one.id == ALL:
            money = None if one.money is None else round(in_dollars(one.money, one.currency), 6)
            return {"messages": one.messages, "tokens": one.tokens, MONEY: money}
    return {"messages": None, "tokens": None, MONEY: None}
